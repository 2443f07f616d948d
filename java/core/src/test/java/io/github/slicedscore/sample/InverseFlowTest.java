package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Samples of a flow are the inverse of its map, of points of the prior that a seed gives. */
class InverseFlowTest {
    private static final long SEED = 9;
    private static final double[] MEANS = {3, -1, 20};
    private static final double[] DEVIATIONS = {2, 0.5, 7};

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static ScoreModel model(Nice.Prior prior, boolean identity) {
        Nice nice = new Nice(3, List.of(8, 5), Activation.SOFTPLUS, 3, prior);
        float[] parameters = new float[nice.layout().size()];
        Random random = new Random(2);
        for (int i = 0; i < parameters.length && !identity; i++) {
            parameters[i] = (float) (0.5 * random.nextGaussian());
        }
        return HandMadeModel.of(backend, nice, parameters, MEANS, DEVIATIONS);
    }

    /** Of the identity they are the prior's numbers; the map ends in the columns 1, 0, 2 after three couplings. */
    @Test
    void samplesOfTheIdentityAreThePriors() {
        try (ScoreModel model = model(Nice.Prior.NORMAL, true)) {
            Dataset samples = new InverseFlow().sample(model, 5, SEED);
            double[] row = new double[3];
            float[] z = new float[3];
            for (int n = 0; n < 5; n++) {
                samples.copyRow(n, row, 0);
                new Philox().normals(SEED, n, RandomStream.SAMPLER, 0, 0, z, 0, 3);
                assertThat(row)
                        .containsExactly(new double[] {3 + 2 * z[1], -1 + 0.5 * z[0], 20 + 7 * z[2]}, within(1e-6));
            }
            assertThat(samples.columns()).isEqualTo(model.columns());
        }
    }

    /** f at a sample is what the prior gives its point, and the map's determinant. */
    @ParameterizedTest
    @EnumSource
    void densitiesAreThoseOfThePoints(Nice.Prior prior) {
        try (ScoreModel model = model(prior, false)) {
            Dataset samples = new InverseFlow().sample(model, 200, SEED);
            double[] row = new double[3];
            for (int n = 0; n < 200; n++) {
                samples.copyRow(n, row, 0);
                double expected = -Math.log(2) - Math.log(0.5) - Math.log(7);
                for (int i = 0; i < 3; i++) {
                    expected += priorAt(prior, n, i)
                            + model.parameters().get(model.parameters().size() - 3 + i);
                }
                assertThat(model.logDensity(row)).isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
            }
        }
    }

    private static double priorAt(Nice.Prior prior, int row, int i) {
        Philox philox = new Philox();
        if (prior == Nice.Prior.NORMAL) {
            float[] z = new float[3];
            philox.normals(SEED, row, RandomStream.SAMPLER, 0, 0, z, 0, 3);
            return -0.5 * z[i] * z[i] - 0.5 * Math.log(2 * Math.PI);
        }
        philox.draw(SEED, row, 0, RandomStream.SAMPLER, 0, 0);
        // Of the logistic distribution the density at a quantile is p (1 - p).
        double p = philox.uniform(i);
        return Math.log(p) + Math.log1p(-p);
    }

    @Test
    void moreSamplesBeginWithTheSame() {
        try (ScoreModel model = model(Nice.Prior.LOGISTIC, false)) {
            Dataset few = new InverseFlow().sample(model, 3, SEED);
            Dataset many = new InverseFlow().sample(model, 300, SEED);
            assertThat(many.rows(new int[] {0, 1, 2}).hash()).isEqualTo(few.hash());
            assertThat(new InverseFlow().sample(model, 3, SEED + 1).hash()).isNotEqualTo(few.hash());
        }
    }

    @Test
    void refusesOtherModelsByTheirKind() {
        try (ScoreModel energy = HandMadeModel.normal(backend);
                ScoreModel flow = model(Nice.Prior.NORMAL, true)) {
            assertThatThrownBy(() -> new InverseFlow().draw(energy, 5, SEED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("models of kind nice; this one is of kind energy");
            assertThatThrownBy(() -> new InverseFlow().draw(flow, 5, SEED, 1.0))
                    .hasMessageContaining("takes 0 given values");
            assertThatThrownBy(() -> new InverseFlow().drawEach(flow, new double[] {1}, SEED))
                    .hasMessageContaining("no conditions");
        }
    }
}
