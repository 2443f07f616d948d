package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A condition for each sample. */
class DrawEachTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** The score of N(0.8 z, 0.36) in standardised units: y = (a - 3) / 2, z = (b - 100) / 10. */
    private static ScoreModel gaussian() {
        return HandMadeModel.of(
                backend,
                new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS),
                new float[] {(float) (-1 / 0.36), (float) (0.8 / 0.36), 0},
                new double[] {3, 100},
                new double[] {2, 10});
    }

    /** f = w y - y^2 / 2: N(w, 1) whatever the condition is. */
    private static ScoreModel energy() {
        return HandMadeModel.of(
                backend,
                new EnergyMlp(1, 1, List.of(), Activation.SOFTPLUS, 1),
                new float[] {0.5f, 1, 0},
                new double[] {3, 100},
                new double[] {2, 10});
    }

    /** Mean and variance as functions of the condition: 3 + 1.6 z and 1.44. Of 2000 samples a condition, 4 standard errors. */
    @Test
    void momentsFollowTheCondition() {
        double[] conditions = new double[6000];
        for (int i = 0; i < conditions.length; i++) {
            conditions[i] = new double[] {90, 100, 125}[i % 3];
        }
        Dataset samples = new Langevin(400, 0.1, 0.005)
                .drawEach(gaussian(), conditions, 1)
                .rows();
        assertThat(samples.columns()).containsExactly("a");
        for (int group = 0; group < 3; group++) {
            double z = (conditions[group] - 100) / 10;
            double sum = 0;
            double square = 0;
            for (int row = group; row < 6000; row += 3) {
                double value = samples.value(row, 0) - (3 + 1.6 * z);
                sum += value / 2000;
                square += value * value / 2000;
            }
            assertThat(sum).isCloseTo(0, within(4 * 1.2 / Math.sqrt(2000)));
            assertThat(square / 1.44).isCloseTo(1, within(4 * Math.sqrt(2 / 2000.0)));
        }
    }

    /** The chains that are run beside few samples have conditions, too, and make no difference to them. */
    @Test
    void samplesOfOneConditionAreThoseOfDraw() {
        Langevin sampler = new Langevin(50, 0.1, 0.05);
        double[] same = {115, 115, 115, 115, 115};
        assertThat(sampler.drawEach(gaussian(), same, 3).rows().hash())
                .isEqualTo(sampler.draw(gaussian(), 5, 3, 115).rows().hash());
    }

    /** Scores and samples of models with noise levels, row by row as with one condition for all. */
    @Test
    void modelsWithNoiseLevels() {
        MlpOptions levels = MlpOptions.NONE.withNoiseLevels(new NoiseLevels(3, 0.1, 5));
        Architecture architecture = new ScoreMlp(1, 2, List.of(6), Activation.TANH, levels);
        ScoreModel model = HandMadeModel.of(
                backend,
                architecture,
                Parameters.initialize(architecture, 3).toArray(),
                new double[] {3, 100},
                new double[] {2, 10});
        double[] conditions = {90, 130, 85};
        double[] points = {0.3, -1, 2};
        double[] together = new double[3];
        NoisedScore.standardizedEach(model, conditions).score(points, 3, 0.7, together);
        for (int row = 0; row < 3; row++) {
            double[] alone = new double[1];
            NoisedScore.standardized(model, conditions[row]).score(new double[] {points[row]}, 1, 0.7, alone);
            assertThat(together[row]).isEqualTo(alone[0]);
        }
        for (Sampler sampler :
                List.of(AnnealedLangevin.standard(), new ReverseSde(50, 1, 0.16), new ProbabilityFlow(1e-5, 1e-5))) {
            Dataset each = sampler.drawEach(model, new double[] {90, 130}, 5).rows();
            assertThat(each.value(0, 0))
                    .isCloseTo(sampler.draw(model, 2, 5, 90).rows().value(0, 0), within(1e-3));
            assertThat(each.value(1, 0))
                    .isCloseTo(sampler.draw(model, 2, 5, 130).rows().value(1, 0), within(1e-3));
        }
    }

    @Test
    void metropolisSamplersRunAnewForEachDifferentCondition() {
        Mala sampler = new Mala(8, 40, 2);
        Samples each = sampler.drawEach(energy(), new double[] {90, 110, 90, 110, 90}, 4);
        Dataset low = sampler.draw(energy(), 3, 4, 90).rows();
        Dataset high = sampler.draw(energy(), 2, 5, 110).rows();
        assertThat(each.rows().column(0))
                .containsExactly(low.value(0, 0), high.value(0, 0), low.value(1, 0), high.value(1, 0), low.value(2, 0));
        ChainDiagnostics diagnostics = each.diagnostics().orElseThrow();
        assertThat(diagnostics.adaptation()).isPresent();

        // Chains that have hardly moved do not agree, under either condition.
        Samples bad = new Hamiltonian(4, 20, 1, 1).drawEach(energy(), new double[] {90, 110}, 4);
        assertThat(bad.diagnostics().orElseThrow().warnings())
                .anySatisfy(warning -> assertThat(warning).startsWith("given b = 90.0: "))
                .anySatisfy(warning -> assertThat(warning).startsWith("given b = 110.0: "));

        double[] many = new double[21];
        for (int i = 0; i < 21; i++) {
            many[i] = i;
        }
        assertThatThrownBy(() -> sampler.drawEach(energy(), many, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("21 different ones, more than 20")
                .hasMessageContaining("Langevin");
    }

    @Test
    void whatIsRefused() {
        for (Sampler sampler : List.of(Langevin.standard(), Mala.standard())) {
            assertThatThrownBy(() -> sampler.drawEach(HandMadeModel.normal(backend), new double[] {1}, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no conditions");
            assertThatThrownBy(() -> sampler.drawEach(energy(), new double[0], 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[b]")
                    .hasMessageContaining("0 numbers");
        }
    }
}
