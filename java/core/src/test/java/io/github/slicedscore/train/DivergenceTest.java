package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.LearningRate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training that diverges says, keeps, and goes on from. */
class DivergenceTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 200);

    private static Backend backend;

    @TempDir
    private Path directory;

    /** While it is set, a loss is no number. */
    private volatile boolean broken;

    private final Objective objective = new CustomObjective("breakable", new Slices(1, Projection.RADEMACHER), jet -> {
        double p = jet.projected[0];
        jet.projectedSeeds[0] = p;
        jet.quadraticSeeds[0] = broken ? Double.NaN : 1;
        return broken ? Double.NaN : jet.quadratic[0] + p * p / 2;
    });

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private TrainingConfig.Builder quick() {
        return TrainingConfig.builder()
                .hidden(6)
                .batch(16)
                .steps(40)
                .validationInterval(10)
                .averageDecay(0.9)
                .objective(objective)
                .learningRate(constant(1e-3));
    }

    private static LearningRate constant(double rate) {
        return new LearningRate(rate, LearningRate.Shape.CONSTANT, 0);
    }

    private Trainer trainer(TrainingConfig config) {
        return new Trainer(config, DATA, backend)
                .checkpoints(directory)
                .checkpointInterval(Duration.ZERO)
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepResult result) {
                        broken |= result.step() == 25 && config.learningRate().peak() == 1e-3;
                    }
                });
    }

    private static String messageOf(TrainingConfig config) {
        return catchThrowableOfType(DivergenceException.class, () -> new Trainer(config, DATA, backend).run())
                .getMessage();
    }

    @Test
    void whatIsGoodIsKeptAndASmallerRateGoesOnFromIt() throws IOException {
        DivergenceException e = catchThrowableOfType(
                DivergenceException.class, () -> trainer(quick().build()).run());
        assertThat(e.step()).isEqualTo(25);
        assertThat(e)
                .hasMessageContainingAll(
                        "diverged at step 26",
                        "loss NaN",
                        "learning rate 0.001",
                        "the gradient of layers.0.weight holds NaN",
                        "The best model so far, of step",
                        directory.resolve("best.safetensors").toString(),
                        "kept in " + directory,
                        "--resume goes on from it, with another learning rate, clipping or noise",
                        "--lr 1.0E-4",
                        "--clip 10");
        assertThat(ModelFile.read(directory.resolve("best.safetensors"))
                        .provenance()
                        .bestStep())
                .isIn(10L, 20L);

        broken = false;
        // Settings that do not mend it still have to be the same.
        assertThatThrownBy(() -> trainer(quick().batch(8).build()).resume().run())
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("batch was 16, is 8");
        long[] first = {-1};
        TrainingReport report = trainer(quick().learningRate(constant(1e-4))
                        .clipNorm(10)
                        .noise(0.1)
                        .build())
                .listener(new TrainingListener() {
                    @Override
                    public void started(TrainingPlan plan) {
                        first[0] = plan.firstStep();
                    }
                })
                .resume()
                .run();
        assertThat(first[0]).isEqualTo(20);
        assertThat(report.steps()).isEqualTo(40);
        // Its own checkpoints are those of a training that did not diverge: they go on under its settings alone.
        assertThatThrownBy(() -> trainer(quick().build()).resume().run())
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("learning_rate was LearningRate[peak=1.0E-4");
    }

    @Test
    void itGoesOnUnderTheSameSettingsToo() throws IOException {
        assertThatThrownBy(() -> trainer(quick().build()).run()).isInstanceOf(DivergenceException.class);
        broken = false;
        TrainingReport resumed = new Trainer(quick().build(), DATA, backend)
                .checkpoints(directory)
                .resume()
                .run();
        TrainingReport whole = new Trainer(quick().build(), DATA, backend).run();
        assertThat(resumed.model().parameters()).isEqualTo(whole.model().parameters());
        assertThat(resumed.history()).isEqualTo(whole.history());
    }

    @Test
    void theSettingAtFaultIsNamed() {
        TrainingConfig.Builder far = quick().learningRate(constant(1e30));
        // A division would make it 1.0000000000000001E29.
        assertThat(messageOf(far.build())).contains("no directory for them", "--lr 1.0E29)");
        assertThat(messageOf(
                        quick().objective(new DenoisingScoreMatching(1e-30)).build()))
                .contains("Try a sigma that is not 1.0E-30 (--sigma 0.1)");
        assertThat(messageOf(quick().objective(new DenoisingScoreMatching(1e30)).build()))
                .contains("Try a sigma that is not 1.0E30");
        assertThat(messageOf(quick().objective(new MultiLevelDenoisingScoreMatching(new NoiseLevels(1e200, 1e-200, 3)))
                        .build()))
                .contains("Try noise levels that are not from 1.0E200 to 1.0E-200");
        assertThat(messageOf(quick().base(1e-15).build())).contains("Try a base that is not 1.0E-15 (--base 3)");
        assertThat(messageOf(quick().optimizer(new AdamW(1e35)).build()))
                .contains("Try a weight decay that is not 1.0E35");
    }

    /** The last update of a run, which no step looks at any more. */
    @Test
    void parametersThatAreNotFiniteAreNamedAndNoModel() {
        TrainingConfig.Builder last = quick().steps(1).validationFraction(0).learningRate(constant(1e300));
        assertThat(messageOf(last.averageDecay(0).build())).contains("diverged at step 1", "layers.0.weight holds");
        // The parameters themselves, not the average.
        assertThat(messageOf(last.averageDecay(0.9).build())).contains("layers.0.weight holds");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void noiseThatLeavesNothingOfTheDataIsRefused() {
        assertThatThrownBy(() -> quick().noise(1e30).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("noise", "0 to 1000000.0", "1.0E30");
        assertThatThrownBy(() -> quick().noise(Double.POSITIVE_INFINITY).build())
                .hasMessageContaining("Infinity");
    }

    @Test
    void aHeldOutValueThatSinglePrecisionCannotHoldIsNamed() {
        double[] column = new double[40];
        for (int i = 0; i < column.length; i++) {
            column[i] = i % 7;
        }
        int refused = 0;
        for (int row = 0; row < column.length; row++) {
            double[] values = column.clone();
            values[row] = 1e30;
            try {
                new Trainer(quick().build(), Dataset.of(java.util.List.of("x"), values), backend);
            } catch (IllegalArgumentException e) {
                refused++;
                assertThat(e)
                        .hasMessageContainingAll(
                                "row " + row, "held out", "1.0E30 in column 'x'", "standard deviations");
            }
        }
        // A tenth is held out; the others are trained on, and their value is as far off as one row can be.
        assertThat(refused).isEqualTo(4);
    }
}
