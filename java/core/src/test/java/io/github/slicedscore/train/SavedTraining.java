package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A small training that saves after every tenth of its forty steps. */
final class SavedTraining {
    static final int STEPS = 40;
    static final int INTERVAL = 10;

    private static final Dataset DATA = GaussianMixture.demo().sample(3, 40);

    private SavedTraining() {}

    static TrainingConfig config() {
        return TrainingConfig.builder()
                .hidden(3)
                .batch(8)
                .steps(STEPS)
                .validationInterval(INTERVAL)
                .validationFraction(0.2)
                .build();
    }

    static Trainer trainer(Backend backend) {
        return new Trainer(config(), DATA, backend);
    }

    static Trainer trainer(Backend backend, Path checkpoints) {
        return trainer(backend).checkpoints(checkpoints).checkpointInterval(Duration.ZERO);
    }

    /** Trains up to a step, which is saved. */
    static void upTo(long step, Backend backend, Path checkpoints) throws IOException {
        Trainer trainer = trainer(backend, checkpoints).resume();
        trainer.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == step) {
                    trainer.requestStop();
                }
            }
        });
        assertThat(trainer.run().steps()).isEqualTo(step);
    }

    static void assertSame(TrainingReport found, TrainingReport wanted) {
        assertThat(found.model().parameters()).isEqualTo(wanted.model().parameters());
        assertThat(found.history()).isEqualTo(wanted.history());
        assertThat(found.end()).isEqualTo(wanted.end());
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
