package io.github.slicedscore.bench;

import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingListener;
import io.github.slicedscore.train.TrainingReport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What training costs beside its steps, a step: the loop of {@link Trainer}, learning rates, results, history and listeners, around
 * a run that computes nothing. Calls of the native library are not in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrainerOverhead {
    private static final int STEPS = 1_000_000;

    /**
     * Who listens: nobody; someone who shows a mean loss now and then, as the command line does; or the same one with training
     * waiting for him after every step.
     */
    @Param({"none", "lags", "every"})
    public String listener;

    private final IdleBackend backend = new IdleBackend();
    private final Dataset data = GaussianMixture.demo().sample(1, 1000);
    private TrainingConfig config;

    /** Shows nothing, but knows what it would show. */
    private static final class Mean implements TrainingListener {
        private final boolean mayLag;
        private final long start = System.nanoTime();
        private double loss;
        private long due;

        Mean(boolean mayLag) {
            this.mayLag = mayLag;
        }

        @Override
        public boolean mayLag() {
            return mayLag;
        }

        @Override
        public void stepped(StepResult result) {
            loss += 0.01 * (result.loss() - loss);
            if (System.nanoTime() - start >= due) {
                due += 200_000_000L;
            }
        }
    }

    /** Nothing is held out, so that there is a validation at the end alone. */
    @Setup
    public void configure() {
        config = TrainingConfig.builder()
                .hidden(8)
                .steps(STEPS)
                .validationFraction(0)
                .validationInterval(STEPS)
                .build();
    }

    /**
     * A training.
     *
     * @return how it ended
     * @throws IOException never: nothing is written
     */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public TrainingReport step() throws IOException {
        Trainer trainer = new Trainer(config, data, backend);
        if (!listener.equals("none")) {
            trainer.listener(new Mean(listener.equals("lags")));
        }
        return trainer.run();
    }
}
