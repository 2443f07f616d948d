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
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.train.TrainingReport.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that asks for several steps at once is training step by step. */
class SeveralStepsTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 400);

    private static Backend backend;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static TrainingConfig.Builder quick() {
        return TrainingConfig.builder()
                .hidden(8)
                .batch(32)
                .steps(333)
                .validationInterval(50)
                .learningRate(new LearningRate(5e-3, LearningRate.Shape.COSINE, 10));
    }

    /** Writes down all that it is told. */
    private static class Recorder implements TrainingListener {
        final List<Object> events = new ArrayList<>();
        private final boolean mayLag;

        Recorder(boolean mayLag) {
            this.mayLag = mayLag;
        }

        @Override
        public boolean mayLag() {
            return mayLag;
        }

        @Override
        public void stepped(StepResult result) {
            events.add(result);
        }

        @Override
        public void validated(TrainingPoint point, boolean best) {
            events.add(point);
            events.add(best);
        }

        long steps() {
            return events.stream().filter(StepResult.class::isInstance).count();
        }
    }

    private record Training(CountingBackend counting, Recorder recorder, Trainer trainer, Path checkpoints) {
        byte[] last() throws IOException {
            return Files.readAllBytes(
                    CheckpointDirectory.checkpoints(checkpoints).get(0));
        }
    }

    private Training training(TrainingConfig config, boolean mayLag) {
        return training(config, mayLag, new CountingBackend(backend));
    }

    private Training training(TrainingConfig config, boolean mayLag, CountingBackend counting) {
        Recorder recorder = new Recorder(mayLag);
        Path checkpoints = directory.resolve("lag-" + mayLag);
        Trainer trainer =
                new Trainer(config, DATA, counting).checkpoints(checkpoints).listener(recorder);
        return new Training(counting, recorder, trainer, checkpoints);
    }

    /** Validations that divide the steps and that do not, none until the end, at every step, and an end by patience. */
    @ParameterizedTest(name = "interval {0}, patience {1}, held out {2}")
    @CsvSource({"50,0,0.1", "111,0,0.1", "1000000,0,0.1", "1,0,0.1", "7,1,0.5", "50,0,0"})
    void isTheSameBitForBit(long interval, int patience, double heldOut) throws IOException {
        TrainingConfig config = quick().validationInterval(interval)
                .patience(patience)
                .validationFraction(heldOut)
                .learningRate(new LearningRate(patience == 0 ? 5e-3 : 0.1, LearningRate.Shape.COSINE, 10))
                .build();
        Training single = training(config, false);
        Training several = training(config, true);
        TrainingReport wanted = single.trainer.run();
        TrainingReport found = several.trainer.run();
        assertThat(single.counting.most()).isEqualTo(1);
        if (interval == 1) {
            assertThat(several.counting.most()).isEqualTo(1);
        } else {
            assertThat(several.counting.most()).isGreaterThan(1);
        }
        assertThat(found.model().parameters()).isEqualTo(wanted.model().parameters());
        assertThat(found.history()).isEqualTo(wanted.history());
        assertThat(found.steps()).isEqualTo(wanted.steps());
        assertThat(found.end()).isEqualTo(wanted.end()).isEqualTo(patience == 0 ? End.COMPLETED : End.PATIENCE);
        assertThat(several.recorder.events).isEqualTo(single.recorder.events);
        assertThat(several.last()).isEqualTo(single.last());
    }

    @Test
    void oneListenerThatMayNotLagIsEnough() throws IOException {
        Training training = training(quick().build(), true);
        training.trainer.listener(new TrainingListener() {}).run();
        assertThat(training.counting.most()).isEqualTo(1);
    }

    @Test
    void withoutListenersNobodyWaits() throws IOException {
        CountingBackend counting = new CountingBackend(backend);
        TrainingReport found = new Trainer(quick().build(), DATA, counting).run();
        assertThat(counting.most()).isGreaterThan(1);
        TrainingReport wanted = training(quick().build(), false).trainer.run();
        assertThat(found.model().parameters()).isEqualTo(wanted.model().parameters());
        assertThat(found.history()).isEqualTo(wanted.history());
    }

    /** In the middle of what is asked for, before a validation and after one; the steps before it count. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 43, 49, 50, 51})
    void divergesAtTheSameStep(long sound) {
        TrainingConfig config = quick().build();
        Training single = training(config, false, new CountingBackend(backend, sound));
        Training several = training(config, true, new CountingBackend(backend, sound));
        DivergenceException wanted = catchThrowableOfType(DivergenceException.class, single.trainer::run);
        DivergenceException found = catchThrowableOfType(DivergenceException.class, several.trainer::run);
        assertThat(wanted.step()).isEqualTo(sound);
        assertThat(found.step()).isEqualTo(sound);
        assertThat(found)
                .hasMessage(wanted.getMessage().replace("lag-false", "lag-true"))
                .hasMessageContaining("diverged at step " + (sound + 1) + ": loss NaN");
        assertThat(several.recorder.events).isEqualTo(single.recorder.events);
        assertThat(several.recorder.steps()).isEqualTo(sound);
    }

    /** What was done when the request came is told and saved, so that a resumed training has no seam. */
    @Test
    void aListenerThatLagsStopsItAfterWhatIsDone() throws IOException {
        TrainingConfig config = quick().steps(1000).validationInterval(400).build();
        Training training = training(config, true);
        training.trainer.listener(new Recorder(true) {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 100) {
                    training.trainer.requestStop();
                }
            }
        });
        TrainingReport stopped = training.trainer.run();
        assertThat(stopped.end()).isEqualTo(End.STOPPED);
        assertThat(stopped.steps())
                .isBetween(100L, 100L + StepPace.MOST)
                .isEqualTo(training.recorder.steps())
                .isEqualTo(training.counting.counts().stream()
                        .mapToLong(Integer::longValue)
                        .sum());

        TrainingReport resumed = new Trainer(config, DATA, backend)
                .checkpoints(training.checkpoints)
                .resume()
                .run();
        TrainingReport whole = training(config, false).trainer.run();
        assertThat(resumed.model().parameters()).isEqualTo(whole.model().parameters());
        assertThat(resumed.history()).isEqualTo(whole.history());
    }

    @Test
    void aListenerThatLagsAndThrowsEndsIt() throws IOException {
        Training training = training(quick().steps(1000).validationInterval(400).build(), true);
        training.trainer.listener(new Recorder(true) {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 100) {
                    throw new IllegalStateException("no more");
                }
            }
        });
        assertThatThrownBy(training.trainer::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more");
        assertThat(training.recorder.steps()).as("heard of by the one before").isEqualTo(100);
        assertThat(CheckpointDirectory.checkpoints(training.checkpoints)).isEmpty();
    }
}
