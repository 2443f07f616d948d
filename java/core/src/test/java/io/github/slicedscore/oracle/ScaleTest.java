package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slices have E[v v^T] = I: a unit sphere, or a lost sqrt(D), shows. */
class ScaleTest {
    private static final long SEED = 11;
    private static final int DIMENSION = 5;
    private static final int ROWS = 40_000;

    /** Standard error of a second moment is at most sqrt(2 / ROWS) = 0.007, for the Gaussian's squares. */
    @ParameterizedTest
    @EnumSource(Projection.class)
    void secondMomentIsTheIdentity(Projection projection) {
        float[] v = draw(new Slices(1, projection), ROWS);
        double[] moment = new double[DIMENSION * DIMENSION];
        for (int from = 0; from < v.length; from += DIMENSION) {
            for (int i = 0; i < DIMENSION; i++) {
                for (int j = 0; j < DIMENSION; j++) {
                    moment[i * DIMENSION + j] += (double) v[from + i] * v[from + j] / ROWS;
                }
            }
        }
        for (int i = 0; i < DIMENSION; i++) {
            for (int j = 0; j < DIMENSION; j++) {
                assertThat(moment[i * DIMENSION + j]).isCloseTo(i == j ? 1 : 0, within(0.03));
            }
        }
    }

    /**
     * f = -|x|^2/2 has s = -x and J = -I, so a row's SSM-VR loss is -|v|^2 + |x|^2/2, which is -D + |x|^2/2 exactly for signs
     * and for the sphere.
     */
    @ParameterizedTest
    @EnumSource(
            value = Projection.class,
            names = {"RADEMACHER", "SPHERE"})
    void standardNormal(Projection projection) {
        Slices slices = new Slices(2, projection);
        Architecture architecture = new EnergyMlp(DIMENSION, 0, List.of(4), Activation.SOFTPLUS, 1);
        float[] parameters = new float[4 * DIMENSION + 4 + 4 + 1];
        float[] x = {1, -2, 3, 0.5f, -0.25f, 0, 0, 0, 0, 0};
        float[] v = draw(slices, 2);
        double[] loss = {-DIMENSION + 14.3125 / 2, -DIMENSION};
        double mean = (loss[0] + loss[1]) / 2;

        double[] products = Floats.widen(v);
        double[] q = new double[4];
        Arrays.setAll(products, i -> -products[i]);
        Arrays.fill(q, -DIMENSION);
        double[] score = Floats.widen(x);
        Arrays.setAll(score, i -> -score[i]);
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            EngineCheck engine = new EngineCheck(backend, architecture, parameters, x);
            engine.checkNetwork(new double[] {-14.3125 / 2, 0}, score, v, products, q);
            // zero weights: no derivative reaches a hidden unit, and none leaves it
            engine.checkObjective(
                    new VarianceReducedScoreMatching(slices),
                    v,
                    new Oracle.Result(loss, mean, new double[parameters.length]));
        }
    }

    /** Two slices of every row for {@link #standardNormal}, one for the moments: [M, N, D]. */
    private static float[] draw(Slices slices, int rows) {
        Philox philox = new Philox();
        float[] all = new float[slices.count() * rows * DIMENSION];
        float[] one = new float[DIMENSION];
        for (int i = 0; i * DIMENSION < all.length; i++) {
            slices.draw(philox, SEED, i % rows, i / rows, 0, one, DIMENSION);
            System.arraycopy(one, 0, all, i * DIMENSION, DIMENSION);
        }
        return all;
    }
}
