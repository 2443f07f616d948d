package io.github.slicedscore.bench;

import java.util.Locale;
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

/** {@link TrainingStep} as libtorch does it, called from the same JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LibtorchStep {
    /** Which network and batch. */
    @Param({"A", "B", "C", "D", "E"})
    public Config config;

    /** Double backward, or jets stacked by hand. */
    @Param({"eager", "jets"})
    public String form;

    /** Threads, 0 for one per core. */
    @Param({"1", "0"})
    public int threads;

    private LibtorchTraining training;

    /** Steps done, from which JMH makes steps a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** Steps of this iteration. */
        public long steps;
        /** GFLOP of our own steps' matrix products; double backward does more. */
        public double gigaflop;
    }

    /** Makes the network. */
    @Setup(Level.Trial)
    public void open() {
        LibtorchTraining.requireAgreement(config);
        System.out.printf("%n# Computes: %s%n", LibtorchTraining.describe());
        training = new LibtorchTraining(
                config,
                LibtorchTraining.Form.valueOf(form.toUpperCase(Locale.ROOT)),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    /** Frees it. */
    @TearDown(Level.Trial)
    public void close() {
        training.close();
    }

    /**
     * A step.
     *
     * @param done counts it
     */
    @Benchmark
    public void run(Done done) {
        training.steps(1);
        done.steps++;
        done.gigaflop += config.stepGigaflop();
    }
}
