package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.util.concurrent.TimeUnit;
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
 * A whole training step: batch, slices, loss, gradient, Adam. Run one configuration with
 * {@code java -jar bench/target/benchmarks.jar TrainingStep -p config=B}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TrainingStep {
    /** Which network and batch. */
    @Param({"A", "B", "C", "D", "E"})
    public Config config;

    /** Which backend. */
    @Param("cpu")
    public String backend;

    /** Worker threads, 0 for one per core. */
    @Param("0")
    public int threads;

    private Backend open;
    private TrainingRun run;

    /** Opens the backend and the run. */
    @Setup(Level.Trial)
    public void open() {
        open = Backends.open(backend, new BackendOptions(threads, 0));
        TrainingSpec spec = new TrainingSpec(
                config.architecture, config.objective, new Adam(), new Schedule.Constant(1e-3), 0, 0, config.batch, 1);
        run = open.openTraining(spec, config.rows(), TrainingState.initial(config.architecture, 1));
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        run.close();
        open.close();
    }

    /**
     * One step.
     *
     * @return its loss, so that it can't be left out
     */
    @Benchmark
    public StepResult step() {
        return run.step(1);
    }
}
