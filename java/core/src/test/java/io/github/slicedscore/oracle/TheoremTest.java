package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The theorem that score matching rests on (Hyvarinen 2005, theorem 1; Song et al. 2019, theorem 1): without the true score,
 * the implicit objectives equal the divergences from it but for a constant of the data,
 *
 * <pre>
 * E |s - s_true|^2 / 2      = E [tr J + |s|^2 / 2]         + E |s_true|^2 / 2
 * E (v.(s - s_true))^2 / 2  = E [v.J v + (v.s)^2 / 2]      + E |s_true|^2 / 2
 * </pre>
 *
 * for every network, so that their parameter gradients agree.
 *
 * <p>Both sides are taken at the same points and slices. Differences of losses are judged by their standard error over points,
 * differences of gradients by that over batches, along a few random directions. Each of the 200 comparisons allows 4 standard
 * errors: were they independent, one would fail by chance in fewer than 3 of 100 seeds.
 */
class TheoremTest {
    private static final GaussianMixture MIXTURE = GaussianMixture.demo();
    private static final int NETWORKS = 10;
    private static final int DIMENSION = 2;
    private static final int BATCH = 256;
    private static final int BATCHES = 80;
    private static final int DIRECTIONS = 4;
    private static final Slices SLICES = new Slices(2, Projection.RADEMACHER);

    private static Backend backend;
    private static float[][] points;
    private static float[][] slices;
    private static double constant;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
        points = points();
        slices = slices();
        constant = constant();
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @EnumSource
    void explicitAndExactDifferByAConstant(RandomNetwork.Kind kind) {
        check(kind, new ExplicitFisherDivergence(MIXTURE::score), new ExactScoreMatching(), new float[BATCHES][0]);
    }

    @ParameterizedTest
    @EnumSource
    void slicedDivergenceAndSlicedScoreMatchingDifferByTheSameConstant(RandomNetwork.Kind kind) {
        check(kind, new SlicedFisherDivergence(MIXTURE::score, SLICES), new SlicedScoreMatching(SLICES), slices);
    }

    private static void check(RandomNetwork.Kind kind, Objective explicit, Objective implicit, float[][] directions) {
        for (int seed = 0; seed < NETWORKS; seed++) {
            RandomNetwork network = RandomNetwork.of(kind, DIMENSION, 12, seed);
            double[][] probes = probes(network.parameters().layout().size(), seed);
            double[] losses = new double[BATCHES * BATCH];
            double[][] slopes = new double[DIRECTIONS][BATCHES];
            try (ObjectiveFunction divergence = backend.openObjective(network.architecture(), explicit);
                    ObjectiveFunction loss = backend.openObjective(network.architecture(), implicit)) {
                for (int b = 0; b < BATCHES; b++) {
                    Evaluation left = divergence.evaluate(network.parameters(), points[b], directions[b]);
                    Evaluation right = loss.evaluate(network.parameters(), points[b], directions[b]);
                    for (int n = 0; n < BATCH; n++) {
                        losses[b * BATCH + n] = left.perSample()[n] - right.perSample()[n];
                    }
                    for (int k = 0; k < DIRECTIONS; k++) {
                        slopes[k][b] = along(probes[k], left.gradient()) - along(probes[k], right.gradient());
                    }
                }
            }
            assertThat(Estimate.mean(losses).distance(constant))
                    .as("explicit minus implicit objective of %s network %d, in standard errors off", kind, seed)
                    .isLessThan(4);
            for (int k = 0; k < DIRECTIONS; k++) {
                assertThat(Estimate.mean(slopes[k]).distance(0))
                        .as(
                                "difference of gradients of %s network %d along direction %d, in standard errors",
                                kind, seed, k)
                        .isLessThan(4);
            }
        }
    }

    /** E |s_true|^2 / 2 by a sum over a grid. */
    private static double constant() {
        double cell = 0.05;
        double sum = 0;
        double[] x = new double[DIMENSION];
        double[] score = new double[DIMENSION];
        for (x[0] = -10; x[0] < 10; x[0] += cell) {
            for (x[1] = -10; x[1] < 10; x[1] += cell) {
                MIXTURE.score(x, score);
                sum += Math.exp(MIXTURE.logDensity(x)) * (score[0] * score[0] + score[1] * score[1]) / 2;
            }
        }
        return sum * cell * cell;
    }

    /** Rows of the mixture, [BATCHES][BATCH * DIMENSION]. */
    private static float[][] points() {
        Dataset sample = MIXTURE.sample(17, BATCHES * BATCH);
        float[][] rows = new float[BATCHES][BATCH * DIMENSION];
        for (int n = 0; n < sample.rows(); n++) {
            for (int i = 0; i < DIMENSION; i++) {
                rows[n / BATCH][n % BATCH * DIMENSION + i] = (float) sample.value(n, i);
            }
        }
        return rows;
    }

    /** [BATCHES][M * BATCH * DIMENSION]. */
    private static float[][] slices() {
        float[][] all = new float[BATCHES][SLICES.count() * BATCH * DIMENSION];
        Philox philox = new Philox();
        float[] slice = new float[DIMENSION];
        for (int b = 0; b < BATCHES; b++) {
            for (int i = 0; i < SLICES.count() * BATCH; i++) {
                SLICES.draw(philox, 18, i % BATCH, i / BATCH, b, slice, DIMENSION);
                System.arraycopy(slice, 0, all[b], i * DIMENSION, DIMENSION);
            }
        }
        return all;
    }

    /** Random directions in the space of parameters. */
    private static double[][] probes(int size, long seed) {
        Random random = new Random(seed);
        double[][] probes = new double[DIRECTIONS][size];
        for (double[] probe : probes) {
            for (int i = 0; i < size; i++) {
                probe[i] = random.nextGaussian();
            }
        }
        return probes;
    }

    private static double along(double[] probe, float[] gradient) {
        double sum = 0;
        for (int i = 0; i < probe.length; i++) {
            sum += probe[i] * gradient[i];
        }
        return sum;
    }
}
