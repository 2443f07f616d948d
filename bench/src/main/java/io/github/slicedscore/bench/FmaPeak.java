package io.github.slicedscore.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's peak, of which the other benchmarks' {@code gigaflop} a second are a part: the lines
 * {@code one:gigaflop} and {@code all:gigaflop}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Computing.VECTOR_MODULE)
public class FmaPeak {
    private static final int ROUNDS = 1 << 20;

    /** Work done, from which JMH makes a rate. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** GFLOP of this iteration. */
        public double gigaflop;
    }

    /**
     * On one thread.
     *
     * @param done counts the work
     * @return a number that keeps the loop alive
     */
    @Benchmark
    @Threads(1)
    public float one(Done done) {
        done.gigaflop += FmaLoop.gigaflop(ROUNDS);
        return FmaLoop.run(ROUNDS);
    }

    /**
     * On all cores.
     *
     * @param done counts the work
     * @return a number that keeps the loop alive
     */
    @Benchmark
    @Threads(Threads.MAX)
    public float all(Done done) {
        done.gigaflop += FmaLoop.gigaflop(ROUNDS);
        return FmaLoop.run(ROUNDS);
    }
}
