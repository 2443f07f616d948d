package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Activation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * A number that knows what it was made of, so that it can be differentiated: backwards, into numbers of the same kind, and so as
 * often as one likes. Much slower than jets, and right for any formula without a derivative written by hand.
 */
final class Variable {
    final double value;
    /** More than that of each number that this one was made of. */
    private final int depth;

    private final List<Part> parts;

    /** A number that another one was made of, and the derivative of the other one in it. */
    private record Part(Variable of, Supplier<Variable> slope) {}

    private Variable(double value, Part... parts) {
        this.value = value;
        this.parts = List.of(parts);
        this.depth =
                this.parts.stream().mapToInt(part -> part.of.depth + 1).max().orElse(0);
    }

    /** A number that depends on none. */
    static Variable of(double value) {
        return new Variable(value);
    }

    /** Numbers that depend on none. */
    static Variable[] of(double... values) {
        return Arrays.stream(values).mapToObj(Variable::of).toArray(Variable[]::new);
    }

    Variable plus(Variable other) {
        Variable one = of(1);
        return new Variable(value + other.value, new Part(this, () -> one), new Part(other, () -> one));
    }

    Variable times(Variable other) {
        return new Variable(value * other.value, new Part(this, () -> other), new Part(other, () -> this));
    }

    Variable times(double factor) {
        return times(of(factor));
    }

    Variable exp() {
        Variable[] self = new Variable[1];
        self[0] = new Variable(Math.exp(value), new Part(this, () -> self[0]));
        return self[0];
    }

    /** act of this. */
    Variable activate(Activation activation) {
        return apply(List.of(
                activation::value, activation::first, activation::second, activation::third, Variable::unknown));
    }

    /** The first of some functions, of which each is the derivative of the one before. */
    private Variable apply(List<DoubleUnaryOperator> functions) {
        return new Variable(
                functions.get(0).applyAsDouble(value),
                new Part(this, () -> apply(functions.subList(1, functions.size()))));
    }

    static Variable sum(Variable... terms) {
        return Arrays.stream(terms).reduce(of(0), Variable::plus);
    }

    static Variable dot(Variable[] x, Variable[] y) {
        Variable sum = of(0);
        for (int i = 0; i < x.length; i++) {
            sum = sum.plus(x[i].times(y[i]));
        }
        return sum;
    }

    /** A derivative that nobody has asked for so far. */
    private static double unknown(double z) {
        return Double.NaN;
    }

    static double[] values(Variable... variables) {
        return Arrays.stream(variables).mapToDouble(x -> x.value).toArray();
    }

    /** The derivatives of this in each of some numbers. */
    Variable[] gradient(Variable... in) {
        Map<Variable, Variable> adjoints = new HashMap<>(Map.of(this, of(1)));
        // Whatever uses a number is deeper, so the number's adjoint is whole once it is the deepest.
        PriorityQueue<Variable> left = new PriorityQueue<>(Comparator.comparingInt((Variable x) -> -x.depth));
        left.add(this);
        while (!left.isEmpty()) {
            Variable deepest = left.remove();
            Variable adjoint = adjoints.get(deepest);
            for (Part part : deepest.parts) {
                Variable more = adjoint.times(part.slope.get());
                Variable sum = adjoints.get(part.of);
                if (sum == null) {
                    left.add(part.of);
                }
                adjoints.put(part.of, sum == null ? more : sum.plus(more));
            }
        }
        return Arrays.stream(in).map(x -> adjoints.getOrDefault(x, of(0))).toArray(Variable[]::new);
    }
}
