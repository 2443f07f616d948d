package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovingAverageTest {
    private static final Architecture NETWORK = new ScoreMlp(2, 0, List.of(3), Activation.TANH);
    private static final long SEED = 5;
    private static final TrainingRows ROWS = new TrainingRows(new float[2], 1, 2, 0, Augmentation.none(2));

    @TempDir
    private Path directory;

    /** The weighted mean of p_1 .. p_t, with the weights d^(t-i), whatever p_0 is. */
    @Test
    void isTheMeanOfTheParametersThatWereLearned() {
        double decay = 0.99;
        float[] average = Parameters.initialize(NETWORK, SEED).toArray();
        double[] sum = new double[average.length];
        double weights = 0;
        for (int step = 1; step <= 30; step++) {
            weights = decay * weights + 1;
            for (int i = 0; i < average.length; i++) {
                float value = 10 + step + i;
                average[i] = (float) (decay * average[i] + (1 - decay) * value);
                sum[i] = decay * sum[i] + value;
            }
            Parameters corrected =
                    MovingAverage.corrected(Parameters.of(NETWORK, average), NETWORK, SEED, ROWS, decay, step);
            for (int i = 0; i < average.length; i++) {
                assertThat((double) corrected.get(i)).isCloseTo(sum[i] / weights, within(2e-3));
            }
        }
    }

    @Test
    void whatIsNoAverageOrHasForgottenItsBeginningStays() {
        Parameters some = Parameters.initialize(NETWORK, 7);
        assertThat(MovingAverage.corrected(some, NETWORK, SEED, ROWS, 0, 5)).isSameAs(some);
        assertThat(MovingAverage.corrected(some, NETWORK, SEED, ROWS, 0.9, 0)).isSameAs(some);
        assertThat(MovingAverage.corrected(some, NETWORK, SEED, ROWS, 0.9, 1000))
                .isSameAs(some);
    }

    /** After one step the model has that step's parameters, and the checkpoint the plain average. */
    @Test
    void isWhatATrainingMakesAModelOf() throws IOException {
        TrainingConfig config =
                TrainingConfig.builder().hidden(5).steps(1).averageDecay(0.999).build();
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            TrainingReport report = new Trainer(config, GaussianMixture.demo().sample(1, 100), backend)
                    .checkpoints(directory)
                    .run();
            Checkpoint state =
                    Checkpoint.read(CheckpointDirectory.checkpoints(directory).get(0));
            float[] start = Parameters.initialize(report.model().architecture(), config.seed())
                    .toArray();
            float[] model = report.model().parameters().toArray();
            for (int i = 0; i < model.length; i++) {
                assertThat(model[i]).isCloseTo(state.parameters()[i], within(5e-4f));
                assertThat(state.average()[i]).isCloseTo(start[i], within(2e-6f));
            }
        }
    }
}
