package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
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
 * Whole training steps: batch, slices, loss, gradient, Adam. The lines {@code run:steps} and {@code
 * run:gigaflop} are the result, steps and GFLOP of their matrix products a second; {@code run} counts the calls of so many
 * steps each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Computing.VECTOR_MODULE)
public class TrainingStep {
    /** Steps a call. A GPU gets them all before the call waits for the last. */
    @Param("16")
    public int stepsPerCall;

    private Backend backend;
    private TrainingRun run;
    private double gigaflopPerCall;

    /** Steps done, from which JMH makes steps a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** Steps of this iteration. */
        public long steps;
        /** GFLOP of their matrix products. */
        public double gigaflop;
    }

    /**
     * Opens the backend and the run.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        Config config = computing.config;
        gigaflopPerCall = stepsPerCall * config.stepGigaflop();
        backend = computing.open();
        run = config.openTraining(backend);
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
        done.gigaflop += gigaflopPerCall;
        return result;
    }
}
