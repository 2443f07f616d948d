package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Time and memory of a training step against the dimension of the data, N(0, I): figure 2 of the paper (Song, Garg, Shi and
 * Ermon, UAI 2019). A score network of two hidden layers, softplus, one Rademacher slice, Adam without clipping, on the
 * processor.
 *
 * <p>One thread steps, so that {@code step:processorMilliseconds} over {@code step:steps}, its processor time a step, is what a
 * step takes where nothing else runs; {@code step} itself is the time by the clock. {@code step:mebibytes} is the memory that
 * the run holds: heap in use after it was opened and has done one step, less that before it, the garbage collected each time. A
 * run allocates all it needs when it opens, so that is its peak, too; the data's rows are not part of it.
 * {@link ByDimensionPicture} draws both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ByDimension {
    /** What is minimised. */
    @Param({"exact", "ssm", "ssm-vr", "dsm", "fd-ssm"})
    public String objective;

    /** D. */
    @Param({"2", "10", "50", "100", "200", "400", "784"})
    public int dimension;

    /** Of each of the two hidden layers. */
    @Param("128")
    public int width;

    /** Rows a step. */
    @Param("128")
    public int batch;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Backend backend;
    private TrainingRun run;
    /** Of the run's MiB, for each iteration: JMH adds up what they count. */
    private double share;

    /** Beside the time by the clock; JMH adds them up over iterations. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        /** Memory of the run in MiB. */
        public double mebibytes;
        /** Of the thread that steps. */
        public double processorMilliseconds;
        /** Steps that it did. */
        public long steps;
    }

    /**
     * Opens the run and weighs it.
     *
     * @param params how often it is measured
     */
    @Setup(Level.Trial)
    public void open(BenchmarkParams params) {
        Architecture architecture = new ScoreMlp(dimension, 0, List.of(width, width), Activation.SOFTPLUS);
        TrainingSpec spec = new TrainingSpec(
                architecture, objective(), new Adam(), new Schedule.Constant(1e-3), 0, 0, batch, Config.SEED);
        TrainingRows rows = NormalRows.of(16 * batch, dimension, Config.SEED);
        TrainingState start = TrainingState.initial(architecture, Config.SEED);
        loadClasses(spec, rows, start);
        backend = Computing.open(Computing.PLAIN, 1);
        double before = Machine.heapInUse();
        run = backend.openTraining(spec, rows, start);
        requireFinite(run.step(1));
        int iterations = params.getMeasurement().getCount() * Math.max(1, params.getForks());
        share = (Machine.heapInUse() - before) / 0x1p20 / iterations;
    }

    /** Another run, of which nothing stays but the classes, so that they do not count. */
    private void loadClasses(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        try (Backend other = Computing.open(Computing.PLAIN, 1);
                TrainingRun first = other.openTraining(spec, rows, start)) {
            requireFinite(first.step(1));
        }
    }

    /** Closes both. */
    @TearDown(Level.Trial)
    public void close() {
        run.close();
        backend.close();
    }

    /**
     * One step.
     *
     * @param counts take memory and processor time
     * @return its result
     */
    @Benchmark
    public StepResult step(Counts counts) {
        long before = threads.getCurrentThreadCpuTime();
        StepResult result = run.step(1);
        counts.processorMilliseconds += (threads.getCurrentThreadCpuTime() - before) / 1e6;
        counts.steps++;
        counts.mebibytes = share;
        requireFinite(result);
        return result;
    }

    private Objective objective() {
        Slices slices = new Slices(1, Projection.RADEMACHER);
        return switch (objective) {
            case "exact" -> new ExactScoreMatching();
            case "ssm" -> new SlicedScoreMatching(slices);
            case "ssm-vr" -> new VarianceReducedScoreMatching(slices);
            case "dsm" -> new DenoisingScoreMatching(0.1);
            case "fd-ssm" -> new FiniteDifferenceScoreMatching(slices, 0.1);
            default ->
                throw new IllegalArgumentException("no objective is called '" + objective
                        + "' here; choose some of exact, ssm, ssm-vr, dsm, fd-ssm");
        };
    }

    private static void requireFinite(StepResult result) {
        if (!result.isFinite()) {
            throw new IllegalStateException(
                    "training diverged at step " + result.step() + ": a time of it says nothing");
        }
    }
}
