package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * Inference on many rows from Java arrays to Java arrays, the copies to a device and back included. The lines ending in
 * {@code :rows} are the result, rows a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class Scoring {
    /** Rows a call. */
    @Param("8192")
    public int rowsPerCall;

    private Backend backend;
    private Scorer scorer;
    private float[] inputs;
    private float[] directions;
    private float[] results;
    private float @Nullable [] values;

    /** Rows done, from which JMH makes rows a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** Rows of this iteration. */
        public long rows;
    }

    /**
     * Opens the backend and a scorer with a network's starting values.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        Config config = computing.config;
        inputs = config.normals(rowsPerCall, RandomStream.TOY);
        directions = config.normals(rowsPerCall, RandomStream.SLICES);
        results = new float[inputs.length];
        values = config.architecture instanceof EnergyMlp ? new float[rowsPerCall] : null;
        backend = computing.open();
        scorer = backend.openScorer(config.architecture, Parameters.initialize(config.architecture, Config.SEED));
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        scorer.close();
        backend.close();
    }

    /**
     * Scores, and of energies the values with them.
     *
     * @param done counts the rows
     * @return the scores
     */
    @Benchmark
    public float[] evaluate(Done done) {
        scorer.evaluate(inputs, rowsPerCall, values, results);
        done.rows += rowsPerCall;
        return results;
    }

    /**
     * Products of the Jacobian, of energies the Hessian, with a direction for each row.
     *
     * @param done counts the rows
     * @return the products
     */
    @Benchmark
    public float[] jvp(Done done) {
        scorer.jvp(inputs, directions, rowsPerCall, results);
        done.rows += rowsPerCall;
        return results;
    }
}
