package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.RandomStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The score of a single row, whose median and 99th percentile ({@code p0.50} and {@code p0.99}) are the result. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Computing.VECTOR_MODULE)
public class OneRow {
    private Backend backend;
    private Scorer scorer;
    private float[] row;
    private float[] score;

    /**
     * Opens the backend and a scorer.
     *
     * @param computing what computes
     */
    @Setup(Level.Trial)
    public void open(Computing computing) {
        row = computing.config.normals(1, RandomStream.TOY);
        score = new float[row.length];
        backend = computing.open();
        scorer = computing.config.openScorer(backend);
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        scorer.close();
        backend.close();
    }

    /**
     * Scores.
     *
     * @return the score
     */
    @Benchmark
    public float[] evaluate() {
        scorer.evaluate(row, 1, null, score);
        return score;
    }
}
