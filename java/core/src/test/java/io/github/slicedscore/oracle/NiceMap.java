package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.ParameterLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The map of {@link Nice} and its log-density, as the formulas have them. */
final class NiceMap {
    private final Nice nice;
    private final ParameterLayout layout;
    private final int dimension;

    NiceMap(Nice nice) {
        this.nice = nice;
        this.layout = nice.layout();
        this.dimension = nice.dimension();
    }

    /** h. */
    Variable[] forward(Variable[] x, Variable[] parameters) {
        Variable[] h = IntStream.range(0, dimension).mapToObj(i -> x[column(i)]).toArray(Variable[]::new);
        for (int k = 0; k < nice.couplings(); k++) {
            int moved = dimension - nice.widths(k)[0];
            Variable[] first = Arrays.copyOf(h, moved);
            Variable[] second = Arrays.copyOfRange(h, moved, dimension);
            Variable[] m = perceptron(k, second, parameters);
            Arrays.setAll(first, i -> first[i].plus(m[i]));
            h = concat(second, first);
        }
        Variable[] y = h;
        return IntStream.range(0, dimension)
                .mapToObj(i -> y[i].times(scale(i, parameters).exp()))
                .toArray(Variable[]::new);
    }

    /** x. */
    Variable[] inverse(Variable[] h, Variable[] parameters) {
        Variable[] y = IntStream.range(0, dimension)
                .mapToObj(i -> h[i].times(scale(i, parameters).times(-1).exp()))
                .toArray(Variable[]::new);
        for (int k = nice.couplings() - 1; k >= 0; k--) {
            int seen = nice.widths(k)[0];
            Variable[] second = Arrays.copyOf(y, seen);
            Variable[] first = Arrays.copyOfRange(y, seen, dimension);
            Variable[] m = perceptron(k, second, parameters);
            Arrays.setAll(first, i -> first[i].plus(m[i].times(-1)));
            y = concat(first, second);
        }
        Variable[] x = new Variable[dimension];
        for (int i = 0; i < dimension; i++) {
            x[column(i)] = y[i];
        }
        return x;
    }

    /** f. */
    Variable logDensity(Variable[] x, Variable[] parameters) {
        Variable[] h = forward(x, parameters);
        Variable sum = Variable.of(0);
        for (int i = 0; i < dimension; i++) {
            sum = sum.plus(prior(h[i])).plus(scale(i, parameters));
        }
        return sum;
    }

    private Variable prior(Variable h) {
        return switch (nice.prior()) {
            case NORMAL -> h.times(h).times(-0.5).plus(Variable.of(-0.5 * Math.log(2 * Math.PI)));
            // -h - 2 log(1 + e^-h)
            case LOGISTIC ->
                h.plus(h.times(-1).activate(Activation.SOFTPLUS).times(2)).times(-1);
        };
    }

    /** Which column stands i-th: 0, 2, 4, ..., 1, 3, 5, ... */
    private int column(int i) {
        int even = (dimension + 1) / 2;
        return i < even ? 2 * i : 2 * (i - even) + 1;
    }

    private Variable scale(int i, Variable[] parameters) {
        return parameters[layout.tensor("log_scale").offset() + i];
    }

    private Variable[] perceptron(int coupling, Variable[] in, Variable[] parameters) {
        int[] widths = nice.widths(coupling);
        Variable[] a = in;
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            String name = "couplings." + coupling + ".layers." + layer;
            int weight = layout.tensor(name + ".weight").offset();
            int bias = layout.tensor(name + ".bias").offset();
            Variable[] z = new Variable[widths[layer + 1]];
            for (int o = 0; o < z.length; o++) {
                int row = weight + o * a.length;
                z[o] = Variable.dot(Arrays.copyOfRange(parameters, row, row + a.length), a)
                        .plus(parameters[bias + o]);
                if (layer + 2 < widths.length) {
                    z[o] = z[o].activate(nice.activation());
                }
            }
            a = z;
        }
        return a;
    }

    private static Variable[] concat(Variable[] left, Variable[] right) {
        Variable[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
