package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.EnergyMlp;
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
 * {@code :rows} and {@code :gigaflop} are the result, rows and GFLOP of the networks' matrix products a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Computing.VECTOR_MODULE)
public class Scoring {
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_NUMBERS = 16_000_000;

    /** Rows a call; 0 for a million, or as many as have 16 million numbers. */
    @Param("0")
    public int rowsPerCall;

    private Backend backend;
    private Scorer scorer;
    private int rows;
    private double gigaflop;
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
        /** GFLOP of the networks' matrix products. */
        public double gigaflop;
    }

    /**
     * Opens the backend and a scorer with a network's starting values.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        Config config = computing.config;
        rows = rowsPerCall > 0 ? rowsPerCall : Math.min(MOST_ROWS, MOST_NUMBERS / config.architecture.dimension());
        gigaflop = rows * config.rowGigaflop();
        inputs = config.normals(rows, RandomStream.TOY);
        directions = config.normals(rows, RandomStream.SLICES);
        results = new float[inputs.length];
        values = config.architecture instanceof EnergyMlp ? new float[rows] : null;
        backend = computing.open();
        scorer = config.openScorer(backend);
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
        scorer.evaluate(inputs, rows, values, results);
        done.rows += rows;
        done.gigaflop += gigaflop;
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
        scorer.jvp(inputs, directions, rows, results);
        done.rows += rows;
        // A tangent goes with every row, through an energy's pass back as well.
        done.gigaflop += 2 * gigaflop;
        return results;
    }
}
