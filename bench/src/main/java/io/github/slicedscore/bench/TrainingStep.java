package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole training steps: batch, slices, loss, gradient, Adam. The line {@code run:steps} is the result, steps a second;
 * {@code run} counts the calls of so many steps each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TrainingStep {
    /** Steps a call. A GPU gets them all before the call waits for the last. */
    @Param("16")
    public int stepsPerCall;

    private Backend backend;
    private TrainingRun run;

    /** Steps done, from which JMH makes steps a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** Steps of this iteration. */
        public long steps;
    }

    /**
     * Opens the backend and the run.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        Config config = computing.config;
        TrainingSpec spec = new TrainingSpec(
                config.architecture,
                config.objective,
                new Adam(),
                new Schedule.Constant(1e-3),
                0,
                0,
                config.batch,
                Config.SEED);
        backend = computing.open();
        run = backend.openTraining(
                spec, config.trainingRows(), TrainingState.initial(config.architecture, Config.SEED));
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        run.close();
        backend.close();
    }

    /**
     * Some steps in one call.
     *
     * @param done counts them
     * @return the last one's result
     */
    @Benchmark
    public StepResult run(Done done) {
        StepResult result = run.step(stepsPerCall);
        if (!result.isFinite()) {
            throw new IllegalStateException(
                    "training diverged at step " + result.step() + ": a time of it says nothing");
        }
        done.steps += stepsPerCall;
        return result;
    }
}
