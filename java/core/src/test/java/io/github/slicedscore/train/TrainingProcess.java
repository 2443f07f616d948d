package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.GaussianMixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A program that trains, on from what is there, and says on stdout from which step on and which steps it has saved. */
final class TrainingProcess {
    private static final int STEPS = 100;
    private static final int INTERVAL = 5;

    private TrainingProcess() {}

    /** Arguments: the directory of the checkpoints, and the model to write. */
    public static void main(String[] arguments) throws IOException {
        TrainingConfig config = TrainingConfig.builder()
                .hidden(16)
                .batch(16)
                .steps(STEPS)
                .validationInterval(INTERVAL)
                .build();
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            new Trainer(config, GaussianMixture.demo().sample(3, 200), backend)
                    .checkpoints(Path.of(arguments[0]))
                    .checkpointInterval(Duration.ZERO)
                    .resume()
                    .listener(new TrainingListener() {
                        @Override
                        public void started(TrainingPlan plan) {
                            System.out.println("from " + plan.firstStep());
                        }

                        @Override
                        public void validated(TrainingPoint point, boolean best) {
                            // That of the validation before is behind it.
                            System.out.println("saved " + (point.step() - INTERVAL));
                        }
                    })
                    .run()
                    .model()
                    .save(Path.of(arguments[1]));
        }
    }
}
