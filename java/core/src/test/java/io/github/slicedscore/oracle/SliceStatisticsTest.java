package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedObjective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mean and variance over slices of the sliced objectives, at fixed points. Both losses are a quadratic form of the slice plus
 * what it does not touch,
 *
 * <pre>
 * SSM     v.A v,              A = (J + J^T) / 2 + s s^T / 2
 * SSM-VR  v.A v + |s|^2 / 2,  A = (J + J^T) / 2
 * </pre>
 *
 * so that over slices with E[v v^T] = I the mean of v.A v is tr A, and its variance
 *
 * <pre>
 * Rademacher  2 sum_{i != j} A_ij^2
 * Gaussian    2 |A|^2
 * sphere      2 D / (D + 2) (|A|^2 - (tr A)^2 / D)
 * </pre>
 *
 * <p>Each comparison allows 4 standard errors: of the 150 or so here one would fail by chance for one seed in 100.
 */
class SliceStatisticsTest {
    private static final long SEED = 23;
    private static final int DRAWS = 20_000;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @EnumSource
    void meanIsTheExactLossAndVarianceThatOfTheQuadraticForm(RandomNetwork.Kind kind) {
        int dimension = 5;
        RandomNetwork network = RandomNetwork.of(kind, dimension, 12, 3);
        for (int point = 0; point < 3; point++) {
            float[] x = normals(point, dimension);
            double exact = losses(network, new ExactScoreMatching(), x, new float[0])[0];
            double[] score = new double[dimension];
            double[][] jacobian = symmetricJacobian(network, x, score);
            for (boolean reduced : new boolean[] {false, true}) {
                double[][] form = reduced ? jacobian : plusHalfSquare(jacobian, score);
                Estimate[] variances = new Estimate[Projection.values().length];
                for (Projection projection : Projection.values()) {
                    SlicedObjective objective = objective(reduced, new Slices(1, projection));
                    double[] losses = losses(network, objective, x);
                    String what = "%s of %s network with %s slices, in standard errors off"
                            .formatted(objective.id(), kind, projection);
                    assertThat(Estimate.mean(losses).distance(exact))
                            .as("mean %s", what)
                            .isLessThan(4);
                    Estimate variance = Estimate.variance(losses);
                    assertThat(variance.distance(variance(form, projection)))
                            .as("variance %s", what)
                            .isLessThan(4);
                    variances[projection.ordinal()] = variance;
                }
                assertThat(variances[Projection.RADEMACHER.ordinal()].value())
                        .isLessThan(variances[Projection.GAUSSIAN.ordinal()].value());
            }
        }
    }

    /** The means of M slices vary by 1/M. */
    @ParameterizedTest
    @EnumSource
    void varianceFallsAsOneOverTheNumberOfSlices(RandomNetwork.Kind kind) {
        int dimension = 5;
        RandomNetwork network = RandomNetwork.of(kind, dimension, 12, 4);
        float[] x = normals(0, dimension);
        for (boolean reduced : new boolean[] {false, true}) {
            Estimate one = null;
            for (int count : new int[] {1, 4, 16}) {
                SlicedObjective objective = objective(reduced, new Slices(count, Projection.RADEMACHER));
                Estimate variance = Estimate.variance(losses(network, objective, x));
                Estimate times = new Estimate(count * variance.value(), count * variance.error());
                if (one == null) {
                    one = times;
                } else {
                    assertThat(times.distance(one))
                            .as(
                                    "%d times the variance of %s with as many slices, in standard errors off",
                                    count, objective.id())
                            .isLessThan(4);
                }
            }
        }
    }

    /**
     * At the optimum of N(0, I), s = -x and J = -I: A = -I for SSM-VR, whose variance at fixed x is 0 with Rademacher slices
     * and 2 D = 32 with Gaussian ones; A = -I + x x^T / 2 for SSM, whose variance at fixed x with Gaussian slices is 2 D - 2
     * |x|^2 + |x|^4 / 2. That is 144 in the mean over x, as E |x|^2 = D and E |x|^4 = D (D + 2).
     */
    @ParameterizedTest
    @EnumSource
    void atTheOptimumOfTheStandardNormal(RandomNetwork.Kind kind) {
        int dimension = 16;
        RandomNetwork network = optimum(kind, dimension);
        float[] x = normals(7, dimension);

        double[] signs = losses(network, objective(true, new Slices(1, Projection.RADEMACHER)), x);
        assertThat(Estimate.variance(signs).value()).isCloseTo(0, within(1e-9));

        Slices gaussian = new Slices(1, Projection.GAUSSIAN);
        Estimate reduced = Estimate.variance(losses(network, objective(true, gaussian), x));
        assertThat(reduced.distance(2.0 * dimension)).isLessThan(4);

        // Half the squared difference of two slices' losses estimates the variance at each of many points.
        int points = 4 * DRAWS;
        float[] rows = new float[points * dimension];
        for (int n = 0; n < points; n++) {
            System.arraycopy(normals(n, dimension), 0, rows, n * dimension, dimension);
        }
        Objective plain = objective(false, gaussian);
        double[] first = losses(network, plain, rows, slices(gaussian, points, dimension, 0));
        double[] second = losses(network, plain, rows, slices(gaussian, points, dimension, 1));
        Estimate sliced = Estimate.mean(IntStream.range(0, points)
                .mapToDouble(n -> (first[n] - second[n]) * (first[n] - second[n]) / 2)
                .toArray());
        assertThat(sliced.distance(144)).isLessThan(4);
        assertThat(sliced.error()).as("near 144 says something").isLessThan(5);
    }

    /** s = -x: an affine score network, or nothing but the base of an energy. */
    private static RandomNetwork optimum(RandomNetwork.Kind kind, int dimension) {
        Architecture architecture = kind == RandomNetwork.Kind.SCORE
                ? new ScoreMlp(dimension, 0, List.of(), Activation.SOFTPLUS)
                : new EnergyMlp(dimension, 0, List.of(), Activation.SOFTPLUS, 1);
        float[] values = new float[(dimension + 1) * architecture.outputs()];
        for (int i = 0; i < dimension && kind == RandomNetwork.Kind.SCORE; i++) {
            values[i * dimension + i] = -1;
        }
        return new RandomNetwork(architecture, Parameters.of(architecture, values));
    }

    private static SlicedObjective objective(boolean reduced, Slices slices) {
        return reduced ? new VarianceReducedScoreMatching(slices) : new SlicedScoreMatching(slices);
    }

    /** Losses at one point with as many slices as DRAWS times M. */
    private static double[] losses(RandomNetwork network, SlicedObjective objective, float[] x) {
        float[] rows = new float[DRAWS * x.length];
        for (int n = 0; n < DRAWS; n++) {
            System.arraycopy(x, 0, rows, n * x.length, x.length);
        }
        return losses(network, objective, rows, slices(objective.slices(), DRAWS, x.length, 0));
    }

    private static double[] losses(RandomNetwork network, Objective objective, float[] rows, float[] slices) {
        try (ObjectiveFunction function = backend.openObjective(network.architecture(), objective)) {
            return function.losses(network.parameters(), rows, slices);
        }
    }

    /** [M, rows, D]. */
    private static float[] slices(Slices slices, int rows, int dimension, long step) {
        Philox philox = new Philox();
        float[] all = new float[slices.count() * rows * dimension];
        float[] slice = new float[dimension];
        for (int i = 0; i < slices.count() * rows; i++) {
            slices.draw(philox, SEED, i % rows, i / rows, step, slice, dimension);
            System.arraycopy(slice, 0, all, i * dimension, dimension);
        }
        return all;
    }

    private static float[] normals(int row, int dimension) {
        float[] x = new float[dimension];
        new Philox().normals(SEED, row, RandomStream.TOY, 0, 0, x, 0, dimension);
        return x;
    }

    /** (J + J^T) / 2 at a point; its score goes into an array. */
    private static double[][] symmetricJacobian(RandomNetwork network, float[] x, double[] score) {
        int dimension = x.length;
        double[][] symmetric = new double[dimension][dimension];
        float[] product = new float[dimension];
        try (Scorer scorer = backend.openScorer(network.architecture(), network.parameters())) {
            for (int j = 0; j < dimension; j++) {
                float[] unit = new float[dimension];
                unit[j] = 1;
                scorer.jvp(x, unit, 1, product);
                for (int i = 0; i < dimension; i++) {
                    symmetric[i][j] += product[i] / 2;
                    symmetric[j][i] += product[i] / 2;
                }
            }
            scorer.evaluate(x, 1, null, product);
        }
        System.arraycopy(Floats.widen(product), 0, score, 0, dimension);
        return symmetric;
    }

    private static double[][] plusHalfSquare(double[][] matrix, double[] score) {
        double[][] sum = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < score.length; i++) {
            for (int j = 0; j < score.length; j++) {
                sum[i][j] += score[i] * score[j] / 2;
            }
        }
        return sum;
    }

    /** Of v.A v over slices, for a symmetric A. */
    private static double variance(double[][] a, Projection projection) {
        int dimension = a.length;
        double square = 0;
        double diagonal = 0;
        double trace = 0;
        for (int i = 0; i < dimension; i++) {
            trace += a[i][i];
            diagonal += a[i][i] * a[i][i];
            for (int j = 0; j < dimension; j++) {
                square += a[i][j] * a[i][j];
            }
        }
        return switch (projection) {
            case RADEMACHER -> 2 * (square - diagonal);
            case GAUSSIAN -> 2 * square;
            case SPHERE -> 2.0 * dimension / (dimension + 2) * (square - trace * trace / dimension);
        };
    }
}
