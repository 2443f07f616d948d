package io.github.slicedscore.oracle;

import io.github.slicedscore.math.Cholesky;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A deep kernel energy in plain double precision, to be read beside its formula: numbers with two derivatives along a line, losses as
 * functions of the coefficients alpha, coefficients as the minimiser of such a loss, which is put together from its values at unit
 * vectors, and gradients in all parameters by central differences.
 */
public final class KernelOracle {
    /** Of central differences of the fourth order. */
    private static final double STEP = 1e-3;

    private final DeepKernelEnergy energy;
    private final ParameterLayout layout;
    private final double[] parameters;
    /** By kernel and point, once they are asked for. */
    private final Jet[][][] psi;

    /** A number along a line x + t v, and its two derivatives in t. */
    private record Jet(double value, double first, double second) {
        Jet plus(Jet other) {
            return new Jet(value + other.value, first + other.first, second + other.second);
        }

        Jet times(double factor) {
            return new Jet(factor * value, factor * first, factor * second);
        }

        Jet squared() {
            return of(value * value, 2 * value, 2);
        }

        Jet exp() {
            double e = Math.exp(value);
            return of(e, e, e);
        }

        Jet activated(Activation activation) {
            return of(activation.value(value), activation.first(value), activation.second(value));
        }

        /** A function of this number, given with its derivatives. */
        private Jet of(double g, double slope, double curvature) {
            return new Jet(g, slope * first, curvature * first * first + slope * second);
        }
    }

    /** The loss of a row as a function of the coefficients. */
    private interface RowLoss extends ToDoubleFunction<double[]> {}

    public KernelOracle(DeepKernelEnergy energy, double[] parameters) {
        this(energy, energy.layout(), parameters.clone());
    }

    private KernelOracle(DeepKernelEnergy energy, ParameterLayout layout, double[] parameters) {
        this.energy = energy;
        this.layout = layout;
        this.parameters = parameters;
        this.psi = new Jet[energy.kernels()][energy.inducing()][];
    }

    private KernelOracle with(int index, double shift) {
        KernelOracle other = new KernelOracle(energy, layout, parameters.clone());
        other.parameters[index] += shift;
        return other;
    }

    /** The same with other coefficients. */
    public KernelOracle withCoefficients(double[] alpha) {
        KernelOracle other = new KernelOracle(energy, layout, parameters.clone());
        System.arraycopy(alpha, 0, other.parameters, offset("coefficients"), alpha.length);
        return other;
    }

    private int offset(String tensor) {
        return layout.tensor(tensor).offset();
    }

    private double[] tensor(String name) {
        int from = offset(name);
        return Arrays.copyOfRange(parameters, from, from + layout.tensor(name).size());
    }

    public double[] coefficients() {
        return tensor("coefficients");
    }

    /** lambda. */
    public double regularizer() {
        return Math.pow(10, tensor("log_regularizer")[0]);
    }

    /** f. */
    public double value(double[] x) {
        return f(x, new double[x.length]).value;
    }

    public double[] score(double[] x) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> f(x, unit(i)).first)
                .toArray();
    }

    /** H v: e.H v = ((e + v).H (e + v) - (e - v).H (e - v)) / 4. */
    public double[] product(double[] x, double[] v) {
        double[] product = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] sum = v.clone();
            double[] difference = v.clone();
            sum[i]++;
            difference[i]--;
            product[i] = (f(x, sum).second - f(x, difference).second) / 4;
        }
        return product;
    }

    private Jet f(double[] x, double[] v) {
        double[] alpha = coefficients();
        Jet[] kappa = kappa(x, v);
        Jet sum = base(x, v);
        for (int l = 0; l < alpha.length; l++) {
            sum = sum.plus(kappa[l].times(alpha[l]));
        }
        return sum;
    }

    private Jet base(double[] x, double[] v) {
        Jet sum = new Jet(0, 0, 0);
        for (int i = 0; i < x.length; i++) {
            sum = sum.plus(new Jet(x[i], v[i], 0).squared());
        }
        return sum.times(-1 / (2 * energy.base() * energy.base()));
    }

    private Jet[] kappa(double[] x, double[] v) {
        double[] logits = tensor("mixture_logits");
        double total = Arrays.stream(logits).map(Math::exp).sum();
        double[] points = tensor("inducing_points");
        double[] bandwidths = tensor("log_bandwidth");
        Jet[] kappa = new Jet[energy.inducing()];
        Arrays.fill(kappa, new Jet(0, 0, 0));
        for (int r = 0; r < energy.kernels(); r++) {
            double rho = Math.exp(logits[r]) / total;
            double h = Math.pow(10, bandwidths[r]);
            Jet[] phi = phi(r, x, v);
            for (int l = 0; l < kappa.length; l++) {
                if (psi[r][l] == null) {
                    double[] z = Arrays.copyOfRange(points, l * x.length, (l + 1) * x.length);
                    psi[r][l] = phi(r, z, new double[x.length]);
                }
                Jet square = new Jet(0, 0, 0);
                for (int k = 0; k < phi.length; k++) {
                    square = square.plus(phi[k].plus(psi[r][l][k].times(-1)).squared());
                }
                kappa[l] = kappa[l].plus(square.times(-1 / (2 * h)).exp().times(rho));
            }
        }
        return kappa;
    }

    private Jet[] phi(int r, double[] x, double[] v) {
        Jet[] input = new Jet[x.length];
        Arrays.setAll(input, i -> new Jet(x[i], v[i], 0));
        Jet[] a = input;
        int layers = energy.widths().length - 1;
        for (int layer = 0; layer < layers; layer++) {
            String name = "features." + r + ".layers." + layer;
            Jet[] z = product(tensor(name + ".weight"), a);
            double[] bias = tensor(name + ".bias");
            for (int i = 0; i < z.length; i++) {
                z[i] = z[i].plus(new Jet(bias[i], 0, 0));
                z[i] = layer + 1 < layers ? z[i].activated(energy.activation()) : z[i];
            }
            a = z;
        }
        Jet[] skip = product(tensor("features." + r + ".skip.weight"), input);
        for (int k = 0; k < a.length; k++) {
            a[k] = a[k].plus(skip[k]);
        }
        return a;
    }

    private static Jet[] product(double[] matrix, Jet[] x) {
        Jet[] product = new Jet[matrix.length / x.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = new Jet(0, 0, 0);
            for (int j = 0; j < x.length; j++) {
                product[i] = product[i].plus(x[j].times(matrix[i * x.length + j]));
            }
        }
        return product;
    }

    /** Losses of all rows at given coefficients. */
    public double[] losses(Objective objective, Oracle.Batch batch, double[] alpha) {
        return rowLosses(objective, batch).stream()
                .mapToDouble(row -> row.applyAsDouble(alpha))
                .toArray();
    }

    /** Loss and gradient with the coefficients as they are. */
    public Oracle.Result evaluate(Objective objective, Oracle.Batch batch) {
        double[] perSample = losses(objective, batch, coefficients());
        ToDoubleFunction<KernelOracle> mean = oracle -> mean(oracle.rowLosses(objective, batch), oracle.coefficients());
        return new Oracle.Result(perSample, mean.applyAsDouble(this), differentiate(mean));
    }

    /** What minimises the mean loss of some rows and lambda |alpha|^2 / 2. */
    public double[] solve(Objective objective, Oracle.Batch rows) {
        List<RowLoss> losses = rowLosses(objective, rows);
        int size = energy.inducing();
        double zero = mean(losses, new double[size]);
        double[][] matrix = new double[size][size];
        double[] alpha = new double[size];
        for (int k = 0; k < size; k++) {
            for (int l = 0; l <= k; l++) {
                double[] both = new double[size];
                both[k]++;
                both[l]++;
                matrix[k][l] = mean(losses, both) - mean(losses, unit(k, size)) - mean(losses, unit(l, size)) + zero;
                matrix[l][k] = matrix[k][l];
            }
            alpha[k] = -(mean(losses, unit(k, size)) - zero - matrix[k][k] / 2);
        }
        for (int k = 0; k < size; k++) {
            matrix[k][k] += regularizer();
        }
        Cholesky factor = new Cholesky(matrix);
        factor.solveLower(alpha);
        factor.solveUpper(alpha);
        return alpha;
    }

    /** Loss and gradient on some rows with coefficients solved for on others. */
    public Oracle.Result evaluateSolved(Objective objective, Oracle.Batch solved, Oracle.Batch batch) {
        ToDoubleFunction<KernelOracle> mean =
                oracle -> mean(oracle.rowLosses(objective, batch), oracle.solve(objective, solved));
        return new Oracle.Result(
                losses(objective, batch, solve(objective, solved)), mean.applyAsDouble(this), differentiate(mean));
    }

    /** By central differences in every parameter. */
    private double[] differentiate(ToDoubleFunction<KernelOracle> function) {
        return IntStream.range(0, parameters.length)
                .mapToDouble(i -> {
                    double near = function.applyAsDouble(with(i, STEP)) - function.applyAsDouble(with(i, -STEP));
                    double far = function.applyAsDouble(with(i, 2 * STEP)) - function.applyAsDouble(with(i, -2 * STEP));
                    return (8 * near - far) / (12 * STEP);
                })
                .toArray();
    }

    private static double mean(List<RowLoss> losses, double[] alpha) {
        return losses.stream()
                .mapToDouble(row -> row.applyAsDouble(alpha))
                .average()
                .orElseThrow();
    }

    private List<RowLoss> rowLosses(Objective objective, Oracle.Batch batch) {
        int dimension = energy.dimension();
        int rows = batch.inputs().length / dimension;
        List<RowLoss> losses = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            double[] x = Arrays.copyOfRange(batch.inputs(), n * dimension, (n + 1) * dimension);
            double[][] directions = new double[objective.directions()][];
            for (int k = 0; k < directions.length; k++) {
                int from = (k * rows + n) * dimension;
                directions[k] = Arrays.copyOfRange(batch.directions(), from, from + dimension);
            }
            losses.add(rowLoss(objective, x, directions));
        }
        return losses;
    }

    private RowLoss rowLoss(Objective objective, double[] x, double[][] v) {
        if (objective instanceof SlicedScoreMatching) {
            Line[] slices = lines(x, v);
            return alpha -> sum(slices, line -> line.second(alpha) + square(line.first(alpha)) / 2) / v.length;
        } else if (objective instanceof VarianceReducedScoreMatching) {
            Line[] slices = lines(x, v);
            Line[] axes = lines(x, axes());
            return alpha -> sum(slices, line -> line.second(alpha)) / v.length
                    + sum(axes, line -> square(line.first(alpha)) / 2);
        } else if (objective instanceof ExactScoreMatching) {
            Line[] axes = lines(x, axes());
            return alpha -> sum(axes, line -> line.second(alpha) + square(line.first(alpha)) / 2);
        } else if (objective instanceof DenoisingScoreMatching dsm) {
            double[] noisy = moved(x, v[0], dsm.sigma());
            Line[] axes = lines(noisy, axes());
            return alpha -> IntStream.range(0, x.length)
                    .mapToDouble(i -> square(axes[i].first(alpha) + v[0][i] / dsm.sigma()) / 2)
                    .sum();
        } else if (objective instanceof FiniteDifferenceScoreMatching differences) {
            double eps = differences.epsilon();
            double[][] points = new double[2 * v.length + 1][];
            for (int m = 0; m < v.length; m++) {
                points[2 * m] = moved(x, v[m], eps);
                points[2 * m + 1] = moved(x, v[m], -eps);
            }
            points[2 * v.length] = x;
            Line[] at = Arrays.stream(points)
                    .map(point -> new Line(point, new double[x.length]))
                    .toArray(Line[]::new);
            return alpha -> {
                double loss = 0;
                for (int m = 0; m < v.length; m++) {
                    double plus = at[2 * m].value(alpha);
                    double minus = at[2 * m + 1].value(alpha);
                    loss += (plus - 2 * at[2 * v.length].value(alpha) + minus) / (eps * eps);
                    loss += square((plus - minus) / (2 * eps)) / 2;
                }
                return loss / v.length;
            };
        }
        throw new IllegalArgumentException("the oracle knows no objective " + objective);
    }

    /** f along a line as a function of the coefficients. */
    private final class Line {
        private final Jet base;
        private final Jet[] kappa;

        Line(double[] x, double[] v) {
            base = base(x, v);
            kappa = kappa(x, v);
        }

        double value(double[] alpha) {
            return base.value + dot(alpha, Jet::value);
        }

        double first(double[] alpha) {
            return base.first + dot(alpha, Jet::first);
        }

        double second(double[] alpha) {
            return base.second + dot(alpha, Jet::second);
        }

        private double dot(double[] alpha, ToDoubleFunction<Jet> part) {
            double sum = 0;
            for (int l = 0; l < alpha.length; l++) {
                sum += alpha[l] * part.applyAsDouble(kappa[l]);
            }
            return sum;
        }
    }

    private Line[] lines(double[] x, double[][] directions) {
        return Arrays.stream(directions).map(v -> new Line(x, v)).toArray(Line[]::new);
    }

    private static double sum(Line[] lines, ToDoubleFunction<Line> of) {
        return Arrays.stream(lines).mapToDouble(of).sum();
    }

    private double[][] axes() {
        return IntStream.range(0, energy.dimension()).mapToObj(this::unit).toArray(double[][]::new);
    }

    private double[] unit(int i) {
        return unit(i, energy.dimension());
    }

    private static double[] unit(int i, int size) {
        double[] e = new double[size];
        e[i] = 1;
        return e;
    }

    private static double[] moved(double[] x, double[] v, double t) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] += t * v[i];
        }
        return y;
    }

    private static double square(double x) {
        return x * x;
    }
}
