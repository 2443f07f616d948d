package io.github.slicedscore.bench;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.sample.Langevin;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Langevin dynamics of many chains, from the first draw to the table of samples. The line {@code langevin:chainSteps} is the
 * result, steps of one chain a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Computing.VECTOR_MODULE)
public class Sampling {
    /** Short steps: the network is untrained, and long ones would let chains run away. They cost what others cost. */
    private static final double STEP = 1e-4;

    /** Chains a call. */
    @Param("10000")
    public int chains;

    /** Steps of each chain in a call. */
    @Param("20")
    public int stepsPerChain;

    private Backend backend;
    private ScoreModel model;
    private Langevin langevin;

    /** Steps done, from which JMH makes steps a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** Steps of chains in this iteration. */
        public long chainSteps;
    }

    /**
     * Opens the backend and a model with a network's starting values, in units of its own.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        Config config = computing.config;
        int dimension = config.architecture.dimension();
        double[] deviations = new double[dimension];
        Arrays.fill(deviations, 1);
        List<String> columns =
                IntStream.range(0, dimension).mapToObj(i -> "x" + i).toList();
        backend = computing.open();
        model = Unsaved.model(
                backend,
                config.architecture,
                Parameters.initialize(config.architecture, Config.SEED),
                new Standardizer(new double[dimension], deviations),
                columns);
        langevin = new Langevin(stepsPerChain, STEP, STEP);
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        model.close();
        backend.close();
    }

    /**
     * Samples.
     *
     * @param done counts the steps
     * @return the samples
     */
    @Benchmark
    public Dataset langevin(Done done) {
        Dataset samples = langevin.sample(model, chains, Config.SEED);
        done.chainSteps += (long) chains * stepsPerChain;
        return samples;
    }
}
