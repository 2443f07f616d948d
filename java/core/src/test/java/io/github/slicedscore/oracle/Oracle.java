package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What everything fast is tested against: directional jets of a perceptron and the objectives made of them, row by row, in
 * plain double precision. It is written to be read beside the formulas, not to be quick.
 *
 * <p>A jet holds a value a, first derivatives a1_k along directions d_1 .. d_K, and one second derivative a2 summed over
 * the first {@code curved} of those directions. Through an activation
 *
 * <pre>
 *   a    = act(z)                           dz    = o b0 + sum_k o1_k b1_k + o2 b2      b0   = act'(z)
 *   a1_k = b0 z1_k                          dz1_k = o1_k b0 + 2 o2 b1_k  (k curved)     b1_k = act''(z) z1_k
 *   a2   = sum_k b1_k z1_k + b0 z2          dz2   = o2 b0                               b2   = sum_k act'''(z) z1_k^2 + act''(z) z2
 * </pre>
 *
 * where (o, o1_k, o2) are the adjoints of (a, a1_k, a2), and the sums with z1_k squared run over curved directions alone.
 */
public final class Oracle implements Reference {
    private static final double[] ONE = {1};
    private static final int EXACT = 53;

    private final Mlp architecture;
    private final ParameterLayout layout;
    private final Activation activation;
    private final int[] widths;
    private final int layers;
    private final int dimension;
    private final boolean energy;
    private final boolean leveled;
    /** B of the Fourier features; no rows where there are none. */
    private final double[][] frequencies;

    private final double[] parameters;
    /** Significant bits of the factors of matrix products; {@link #EXACT} leaves them as they are. */
    private final int bits;

    /**
     * What an objective is evaluated at.
     *
     * @param inputs rows [x, c], [N, D + C] row-major
     * @param directions slices, then noise, [K, N, D] row-major
     */
    public record Batch(double[] inputs, double[] directions) {}

    /**
     * An objective's value.
     *
     * @param perSample loss of each row
     * @param mean mean over the rows
     * @param gradient gradient of the mean, flat in layout order
     */
    public record Result(double[] perSample, double mean, double[] gradient) {}

    public Oracle(Architecture architecture, double[] parameters) {
        this(architecture, parameters, EXACT);
    }

    /** One that rounds the factors of every matrix product to so many significant bits, as tensor cores take them. */
    Oracle(Architecture architecture, double[] parameters, int bits) {
        this.bits = bits;
        this.architecture = (Mlp) architecture;
        this.layout = ParameterLayout.of(architecture);
        this.activation = architecture.activation();
        this.widths = this.architecture.widths();
        this.layers = widths.length - 1;
        this.dimension = architecture.dimension();
        this.energy = architecture instanceof EnergyMlp;
        this.leveled = architecture.noiseLevels().isPresent();
        this.frequencies =
                this.architecture.options().fourier().map(this::frequencies).orElse(new double[0][]);
        this.parameters = parameters.clone();
        if (parameters.length != layout.size()) {
            throw new IllegalArgumentException(parameters.length + " parameters for a layout of " + layout.size());
        }
    }

    /** f(x) of an energy's rows, [N]. */
    @Override
    public double[] value(double[] inputs) {
        return rows(inputs)
                .mapToDouble(n -> new Jets(row(inputs, n), 0).value())
                .toArray();
    }

    /** s(x), [N, D]. */
    @Override
    public double[] score(double[] inputs) {
        return rows(inputs)
                .mapToObj(n -> rowScore(row(inputs, n)))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** J v, [M, N, D]. */
    @Override
    public double[] jvp(Batch batch) {
        int n = batch.inputs.length / architecture.inputs();
        double[] products = new double[batch.directions.length];
        for (int i = 0; i * dimension < products.length; i++) {
            double[] product = rowJvp(row(batch.inputs, i % n), direction(batch.directions, i));
            System.arraycopy(product, 0, products, i * dimension, dimension);
        }
        return products;
    }

    /** q = v.J v, [M, N]. */
    @Override
    public double[] quadratic(Batch batch) {
        return contract(batch.directions, jvp(batch));
    }

    /** p = v.s, [M, N]. */
    public double[] projected(Batch batch) {
        double[] scores = score(batch.inputs);
        double[] repeated = new double[batch.directions.length];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = scores[i % scores.length];
        }
        return contract(batch.directions, repeated);
    }

    /**
     * Loss and gradient of an objective.
     *
     * @param objective any but a custom one
     * @param batch where
     * @return per-sample losses, mean and gradient
     */
    @Override
    public Result evaluate(Objective objective, Batch batch) {
        int rows = batch.inputs.length / architecture.inputs();
        double[] perSample = new double[rows];
        double[] gradient = new double[parameters.length];
        for (int n = 0; n < rows; n++) {
            double[][] directions = directions(batch.directions, n, rows);
            perSample[n] = evaluate(objective, row(batch.inputs, n), directions, gradient);
        }
        double mean = Arrays.stream(perSample).average().orElseThrow();
        return new Result(perSample, mean, scaled(1.0 / rows, gradient));
    }

    private double evaluate(Objective objective, double[] x, double[][] v, double[] gradient) {
        double level = sigma(x);
        if (objective instanceof SlicedScoreMatching) {
            return energy ? energySliced(x, v, gradient) : scoreSliced(x, v, gradient);
        } else if (objective instanceof VarianceReducedScoreMatching) {
            return traced(x, v, 1.0 / v.length, 1, gradient);
        } else if (objective instanceof MultiLevelVarianceReducedScoreMatching) {
            int slices = v.length - 1;
            return traced(moved(x, level, v[slices]), Arrays.copyOf(v, slices), 1.0 / slices, level * level, gradient);
        } else if (objective instanceof ExactScoreMatching) {
            return traced(x, identity(), 1, 1, gradient);
        } else if (objective instanceof DenoisingScoreMatching dsm) {
            return denoising(x, v[0], dsm.sigma(), 1, gradient);
        } else if (objective instanceof MultiLevelDenoisingScoreMatching) {
            return denoising(x, v[0], level, level * level, gradient);
        } else if (objective instanceof FiniteDifferenceScoreMatching differences) {
            return differences(x, v, differences.epsilon(), gradient);
        } else if (objective instanceof ExplicitFisherDivergence fisher) {
            return explicit(x, fisher.truth(), gradient);
        } else if (objective instanceof SlicedFisherDivergence fisher) {
            return sliced(x, v, fisher.truth(), gradient);
        }
        throw new IllegalArgumentException("the oracle knows no objective " + objective);
    }

    /** mean_m q_m + p_m^2/2 of a score network: q and p are linear in the jet's s and J v. */
    private double scoreSliced(double[] x, double[][] v, double[] gradient) {
        Jets jets = new Jets(x, 0, v);
        double[][] seeds = jets.noSeeds();
        double loss = 0;
        for (int m = 0; m < v.length; m++) {
            double p = dot(v[m], jets.output(0));
            loss += (dot(v[m], jets.output(m + 1)) + p * p / 2) / v.length;
            add(seeds[0], p / v.length, v[m]);
            add(seeds[m + 1], 1.0 / v.length, v[m]);
        }
        jets.reverse(seeds, gradient);
        return loss;
    }

    /** mean_m q_m + p_m^2/2 of an energy: p_m = f1_m and sum_m q_m = f2. */
    private double energySliced(double[] x, double[][] v, double[] gradient) {
        Jets jets = new Jets(x, v.length, v);
        double[][] seeds = jets.noSeeds();
        double loss = jets.second() / v.length;
        seeds[jets.last][0] = 1.0 / v.length;
        for (int m = 0; m < v.length; m++) {
            double p = jets.first(m);
            loss += p * p / 2 / v.length;
            seeds[m + 1][0] = p / v.length;
        }
        jets.reverse(seeds, gradient);
        return loss;
    }

    /**
     * w (share sum_k d_k.J d_k + |s|^2/2): SSM-VR with slices and a share of 1/M, exact with unit vectors and 1. For an energy
     * the gradient of |s|^2/2 is that of the first derivative along u = s, held fixed.
     */
    private double traced(double[] x, double[][] d, double share, double w, double[] gradient) {
        double[] s = rowScore(x);
        Jets jets = energy ? new Jets(x, d.length, append(d, s)) : new Jets(x, 0, d);
        double[][] seeds = jets.noSeeds();
        double loss = w * dot(s, s) / 2;
        if (energy) {
            loss += w * share * jets.second();
            seeds[jets.last][0] = w * share;
            seeds[d.length + 1][0] = w;
        } else {
            seeds[0] = scaled(w, s);
            for (int k = 0; k < d.length; k++) {
                loss += w * share * dot(d[k], jets.output(k + 1));
                seeds[k + 1] = scaled(w * share, d[k]);
            }
        }
        jets.reverse(seeds, gradient);
        return loss;
    }

    /** w |u|^2/2 with u = s(x + sigma e) + e/sigma. */
    private double denoising(double[] x, double[] e, double sigma, double w, double[] gradient) {
        double[] noisy = moved(x, sigma, e);
        double[] u = rowScore(noisy);
        add(u, 1 / sigma, e);
        ofScore(noisy, scaled(w, u), gradient);
        return w * dot(u, u) / 2;
    }

    /** |s - s_true|^2/2. */
    private double explicit(double[] x, KnownScore truth, double[] gradient) {
        double[] u = difference(x, truth);
        ofScore(x, u, gradient);
        return dot(u, u) / 2;
    }

    /** mean_m (v_m.(s - s_true))^2/2. */
    private double sliced(double[] x, double[][] v, KnownScore truth, double[] gradient) {
        double[] d = difference(x, truth);
        double[] u = new double[dimension];
        double loss = 0;
        for (double[] slice : v) {
            double p = dot(slice, d);
            loss += p * p / 2 / v.length;
            add(u, p / v.length, slice);
        }
        ofScore(x, u, gradient);
        return loss;
    }

    private double[] difference(double[] x, KnownScore truth) {
        double[] d = new double[dimension];
        truth.score(Arrays.copyOf(x, dimension), d);
        d = scaled(-1, d);
        add(d, 1, rowScore(x));
        return d;
    }

    /** Adds the gradient of u.s with u held fixed. */
    private void ofScore(double[] x, double[] u, double[] gradient) {
        Jets jets = energy ? new Jets(x, 0, u) : new Jets(x, 0);
        double[][] seeds = jets.noSeeds();
        if (energy) {
            seeds[1][0] = 1;
        } else {
            seeds[0] = u;
        }
        jets.reverse(seeds, gradient);
    }

    /** mean_m q_m + p_m^2/2, both by central differences of plain evaluations at x +- h v_m. */
    private double differences(double[] x, double[][] v, double h, double[] gradient) {
        double loss = 0;
        for (double[] slice : v) {
            double w = 1.0 / v.length;
            Jets plus = new Jets(moved(x, h, slice), 0);
            Jets minus = new Jets(moved(x, -h, slice), 0);
            if (energy) {
                Jets middle = new Jets(x, 0);
                double p = (plus.value() - minus.value()) / (2 * h);
                loss += w * ((plus.value() - 2 * middle.value() + minus.value()) / (h * h) + p * p / 2);
                plus.reverseValue(w * (1 / (h * h) + p / (2 * h)), ONE, gradient);
                middle.reverseValue(-2 * w / (h * h), ONE, gradient);
                minus.reverseValue(w * (1 / (h * h) - p / (2 * h)), ONE, gradient);
            } else {
                double ahead = dot(slice, plus.output(0));
                double behind = dot(slice, minus.output(0));
                double p = (ahead + behind) / 2;
                loss += w * ((ahead - behind) / (2 * h) + p * p / 2);
                plus.reverseValue(w * (p / 2 + 1 / (2 * h)), slice, gradient);
                minus.reverseValue(w * (p / 2 - 1 / (2 * h)), slice, gradient);
            }
        }
        return loss;
    }

    /** s of one row: the output itself, or the energy's gradient in x, base included. */
    private double[] rowScore(double[] x) {
        Jets jets = new Jets(x, 0);
        if (!energy) {
            return jets.output(0);
        }
        double[] s = jets.inputAdjoint(0);
        add(s, -precision(x), Arrays.copyOf(x, dimension));
        return s;
    }

    /** J v of one row: the first derivative along v of a score network; of an energy, the gradient in x of f1. */
    private double[] rowJvp(double[] x, double[] v) {
        Jets jets = new Jets(x, 0, v);
        if (!energy) {
            return jets.output(1);
        }
        double[] product = jets.inputAdjoint(1);
        add(product, -precision(x), v);
        return product;
    }

    /** The level of a row: its last condition is log sigma. */
    private double sigma(double[] x) {
        return leveled ? Math.exp(x[x.length - 1]) : 0;
    }

    /** 1 / (s0^2 + sigma^2) of an energy's base; 0 for none. */
    private double precision(double[] x) {
        double base = architecture instanceof EnergyMlp mlp ? mlp.base() : 0;
        return base == 0 ? 0 : 1 / (base * base + sigma(x) * sigma(x));
    }

    private double[][] frequencies(FourierFeatures fourier) {
        int inputs = architecture.inputs();
        float[] flat = fourier.frequencies(inputs);
        double[][] rows = new double[fourier.count()][inputs];
        for (int i = 0; i < flat.length; i++) {
            rows[i / inputs][i % inputs] = flat[i];
        }
        return rows;
    }

    /** Whether a hidden layer adds its input to its output. */
    private boolean adds(int layer) {
        return architecture.options().residual()
                && layer > 0
                && layer + 1 < layers
                && widths[layer + 1] == widths[layer];
    }

    /** The K + 2 streams of one row through all layers: value, first derivatives, second derivative. */
    private final class Jets {
        private final double[] x;
        private final double[][] directions;
        private final int curved;
        private final double level;
        /** Index of the last stream, the second derivative. */
        final int last;

        /** a[layer][stream]: what enters a layer's affine map; z[layer][stream]: what leaves it. */
        private final double[][][] a = new double[layers][][];

        private final double[][][] z = new double[layers][][];

        Jets(double[] x, int curved, double[]... directions) {
            this.x = x;
            this.directions = directions;
            this.curved = curved;
            this.last = directions.length + 1;
            this.level = sigma(x);
            a[0] = new double[last + 1][widths[0]];
            System.arraycopy(x, 0, a[0][0], 0, x.length);
            for (int k = 0; k < directions.length; k++) {
                System.arraycopy(directions[k], 0, a[0][k + 1], 0, dimension); // a condition's derivative is zero
            }
            for (double[] stream : a[0]) {
                shrink(stream);
            }
            for (int k = 0; k < frequencies.length; k++) {
                wave(k, x.length + k, 0);
                wave(k, x.length + frequencies.length + k, Math.PI / 2);
            }
            for (int layer = 0; layer < layers; layer++) {
                z[layer] = affine(layer, a[layer]);
                if (layer + 1 < layers) {
                    a[layer + 1] = activate(z[layer]);
                }
                if (adds(layer)) {
                    addAll(a[layer + 1], a[layer]);
                }
            }
        }

        /** x / (1 + sigma^2)^(1/2) in place, conditions as they are. */
        private void shrink(double[] stream) {
            for (int i = 0; i < dimension; i++) {
                stream[i] /= Math.sqrt(1 + level * level);
            }
        }

        /** The jet of sin(B_k y + phase) as a number of the network's input. */
        private void wave(int k, int at, double phase) {
            double angle = dot(frequencies[k], a[0][0]) + phase;
            a[0][0][at] = Math.sin(angle);
            for (int m = 1; m < last; m++) {
                double slope = dot(frequencies[k], a[0][m]);
                a[0][m][at] = Math.cos(angle) * slope;
                a[0][last][at] -= m <= curved ? Math.sin(angle) * slope * slope : 0;
            }
        }

        /** What the value stream of y owes to the adjoints of sin(B_k y + phase). */
        private void reverseWave(int k, int at, double phase, double[][] o) {
            double angle = dot(frequencies[k], a[0][0]) + phase;
            double dz = o[0][at] * Math.cos(angle);
            for (int m = 1; m < last; m++) {
                double slope = dot(frequencies[k], a[0][m]);
                dz -= o[m][at] * Math.sin(angle) * slope;
                dz -= m <= curved ? o[last][at] * Math.cos(angle) * slope * slope : 0;
            }
            add(o[0], dz, frequencies[k]);
        }

        private double[][] affine(int layer, double[][] in) {
            double[][] out = new double[last + 1][widths[layer + 1]];
            for (int stream = 0; stream <= last; stream++) {
                for (int i = 0; i < widths[layer + 1]; i++) {
                    double sum = stream == 0 ? parameters[layout.biasOffset(layer) + i] : 0;
                    for (int j = 0; j < widths[layer]; j++) {
                        sum += factor(parameters[layout.weightOffset(layer) + i * widths[layer] + j])
                                * factor(in[stream][j]);
                    }
                    out[stream][i] = sum;
                }
            }
            return out;
        }

        private double factor(double value) {
            if (bits == EXACT || value == 0) {
                return value;
            }
            double place = Math.scalb(1.0, Math.getExponent(value) - bits + 1);
            return Math.rint(value / place) * place;
        }

        private double[][] activate(double[][] z) {
            double[][] out = new double[z.length][z[0].length];
            for (int i = 0; i < z[0].length; i++) {
                double b0 = activation.first(z[0][i]);
                out[0][i] = activation.value(z[0][i]);
                out[last][i] = b0 * z[last][i];
                for (int k = 1; k < last; k++) {
                    out[k][i] = b0 * z[k][i];
                    if (k <= curved) {
                        out[last][i] += activation.second(z[0][i]) * z[k][i] * z[k][i];
                    }
                }
            }
            return out;
        }

        private double[][] reverseActivate(double[][] z, double[][] o) {
            double[][] dz = new double[z.length][z[0].length];
            for (int i = 0; i < z[0].length; i++) {
                double b0 = activation.first(z[0][i]);
                double second = activation.second(z[0][i]);
                double b2 = second * z[last][i];
                dz[0][i] = o[0][i] * b0;
                dz[last][i] = o[last][i] * b0;
                for (int k = 1; k < last; k++) {
                    double b1 = second * z[k][i];
                    dz[k][i] = o[k][i] * b0;
                    dz[0][i] += o[k][i] * b1;
                    if (k <= curved) {
                        dz[k][i] += 2 * o[last][i] * b1;
                        b2 += activation.third(z[0][i]) * z[k][i] * z[k][i];
                    }
                }
                dz[0][i] += o[last][i] * b2;
            }
            return dz;
        }

        /** Adds the parameter gradient of sum seeds.output to {@code gradient}; returns the adjoint of the input row. */
        double[] reverse(double[][] seeds, double[] gradient) {
            double[][] dz = new double[seeds.length][];
            Arrays.setAll(dz, stream -> scaled(gain(), seeds[stream]));
            double[][] above = {};
            for (int layer = layers - 1; ; layer--) {
                double[][] o = new double[last + 1][widths[layer]];
                for (int stream = 0; stream <= last; stream++) {
                    for (int i = 0; i < widths[layer + 1]; i++) {
                        gradient[layout.biasOffset(layer) + i] += stream == 0 ? dz[0][i] : 0;
                        for (int j = 0; j < widths[layer]; j++) {
                            int weight = layout.weightOffset(layer) + i * widths[layer] + j;
                            gradient[weight] += factor(dz[stream][i]) * factor(a[layer][stream][j]);
                            o[stream][j] += factor(dz[stream][i]) * factor(parameters[weight]);
                        }
                    }
                }
                if (adds(layer)) {
                    addAll(o, above);
                }
                if (layer == 0) {
                    for (int k = 0; k < frequencies.length; k++) {
                        reverseWave(k, x.length + k, 0, o);
                        reverseWave(k, x.length + frequencies.length + k, Math.PI / 2, o);
                    }
                    shrink(o[0]);
                    return o[0];
                }
                above = o;
                dz = reverseActivate(z[layer - 1], o);
            }
        }

        /** Adds the parameter gradient of weight direction.output, value stream alone. */
        void reverseValue(double weight, double[] direction, double[] gradient) {
            double[][] seeds = noSeeds();
            seeds[0] = scaled(weight, direction);
            reverse(seeds, gradient);
        }

        /** Gradient in x, conditions left out, of one stream of an energy's output. */
        double[] inputAdjoint(int stream) {
            double[][] seeds = noSeeds();
            seeds[stream][0] = 1;
            return Arrays.copyOf(reverse(seeds, new double[parameters.length]), dimension);
        }

        double[][] noSeeds() {
            return new double[last + 1][architecture.outputs()];
        }

        /** s or its derivatives, of a score network: net / (sigma r) - x / r^2, r^2 = 1 + sigma^2, where it knows levels. */
        double[] output(int stream) {
            double[] out = scaled(gain(), z[layers - 1][stream]);
            if (leveled) {
                add(out, -1 / (1 + level * level), Arrays.copyOf(stream == 0 ? x : directions[stream - 1], dimension));
            }
            return out;
        }

        /** What a score network's output is multiplied by; 1 for an energy. */
        private double gain() {
            return leveled && !energy ? 1 / (level * Math.sqrt(1 + level * level)) : 1;
        }

        /** f, base included. */
        double value() {
            double[] modelled = Arrays.copyOf(x, dimension);
            return z[layers - 1][0][0] - precision(x) / 2 * dot(modelled, modelled);
        }

        /** Derivative of f along direction k, base included. */
        double first(int k) {
            return z[layers - 1][k + 1][0] - precision(x) * dot(Arrays.copyOf(x, dimension), directions[k]);
        }

        /** Second derivatives of f along the curved directions, summed, base included. */
        double second() {
            double sum = z[layers - 1][last][0];
            for (int k = 0; k < curved; k++) {
                sum -= precision(x) * dot(directions[k], directions[k]);
            }
            return sum;
        }
    }

    private IntStream rows(double[] inputs) {
        return IntStream.range(0, inputs.length / architecture.inputs());
    }

    private double[] row(double[] inputs, int n) {
        return Arrays.copyOfRange(inputs, n * architecture.inputs(), (n + 1) * architecture.inputs());
    }

    /** The i-th group of D numbers. */
    private double[] direction(double[] values, int i) {
        return Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension);
    }

    /** The random directions of row n. */
    private double[][] directions(double[] directions, int n, int rows) {
        double[][] of = new double[directions.length / dimension / rows][];
        Arrays.setAll(of, k -> direction(directions, k * rows + n));
        return of;
    }

    private double[][] identity() {
        double[][] e = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            e[i][i] = 1;
        }
        return e;
    }

    /** Scalar products of groups of D numbers. */
    private double[] contract(double[] a, double[] b) {
        return IntStream.range(0, a.length / dimension)
                .mapToDouble(i -> dot(direction(a, i), direction(b, i)))
                .toArray();
    }

    /** [x + t d, c]. */
    private static double[] moved(double[] x, double t, double[] d) {
        double[] y = x.clone();
        add(y, t, d);
        return y;
    }

    private static double[][] append(double[][] rows, double[] row) {
        double[][] longer = Arrays.copyOf(rows, rows.length + 1);
        longer[rows.length] = row;
        return longer;
    }

    private static double[] scaled(double factor, double[] values) {
        return Arrays.stream(values).map(value -> factor * value).toArray();
    }

    /** to += factor what. */
    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < what.length; i++) {
            to[i] += factor * what[i];
        }
    }

    private static void addAll(double[][] to, double[][] what) {
        for (int i = 0; i < to.length; i++) {
            add(to[i], 1, what[i]);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
