package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checkpoints of one training in a directory: the last state, and the best model. */
final class CheckpointStore {
    private static final System.Logger LOGGER = System.getLogger(CheckpointStore.class.getName());

    /** Least time between two writes in mid-run. */
    private static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Path directory;
    private final Path last;
    private final Path best;
    private long written = System.nanoTime();
    private long bestWritten = -1;

    /** What computed the checkpoint that was read. */
    private String earlier = "";

    CheckpointStore(Path directory) {
        this.directory = directory;
        this.last = directory.resolve("last.safetensors");
        this.best = directory.resolve("best.safetensors");
    }

    Path directory() {
        return directory;
    }

    boolean hasLast() {
        return Files.exists(last);
    }

    /** Whether the last write is long enough ago. */
    boolean isDue() {
        return System.nanoTime() - written > INTERVAL_NANOS;
    }

    /** Writes the last state, and the best model if there is a new one. */
    void write(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress)
            throws IOException {
        Files.createDirectories(directory);
        TrainingState state = progress.state();
        Parameters bestParameters = progress.best();
        new Checkpoint(
                        settings(config, data),
                        kernels,
                        Philox.LAYOUT,
                        state.step(),
                        state.parameters(),
                        state.firstMoment(),
                        state.secondMoment(),
                        state.average(),
                        bestParameters == null ? new float[0] : bestParameters.toArray(),
                        progress.bestStep(),
                        progress.bestLoss(),
                        series(progress))
                .write(last);
        if (bestParameters != null && progress.bestStep() != bestWritten) {
            ModelFile.write(Models.contents(config, data, architecture, backend, kernels, progress), best);
            bestWritten = progress.bestStep();
        }
        written = System.nanoTime();
    }

    /** Reads the last state back, or null if there is none yet. */
    @Nullable
    Progress read(TrainingConfig config, PreparedData data, Architecture architecture) throws IOException {
        if (!hasLast()) {
            return null;
        }
        Checkpoint checkpoint = Checkpoint.read(last);
        requireSame(checkpoint.settings(), settings(config, data));
        if (checkpoint.randomLayout() != Philox.LAYOUT) {
            throw new IOException(last + " was written with layout " + checkpoint.randomLayout()
                    + " of random numbers, this release has " + Philox.LAYOUT
                    + "; resume with the release that wrote it, or train afresh");
        }
        earlier = checkpoint.kernels();
        if (checkpoint.settings().containsKey(Objective.FUNCTION)) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "the {0} of the objective {1} is a function, which the checkpoint does not hold: see that it is the same",
                    checkpoint.settings().get(Objective.FUNCTION),
                    config.objective().id());
        }
        Map<String, double[]> series = checkpoint.series();
        double[] pending = series.getOrDefault("pending", new double[4]);
        if (pending.length != 4) {
            throw new IOException(last + " is damaged: its series 'pending' has " + pending.length + " numbers, not 4");
        }
        return Progress.restored(
                new TrainingState(
                        checkpoint.step(),
                        checkpoint.parameters(),
                        checkpoint.firstMoment(),
                        checkpoint.secondMoment(),
                        checkpoint.average()),
                history(series),
                checkpoint.bestParameters().length == 0
                        ? null
                        : Parameters.of(architecture, checkpoint.bestParameters()),
                checkpoint.bestStep(),
                checkpoint.bestLoss(),
                (int) pending[0],
                pending[1],
                pending[2],
                (long) pending[3]);
    }

    /** What computed the state that was read; none without one. */
    String earlier() {
        return earlier;
    }

    /** Says so if other kernels than a run's computed the checkpoint that it goes on from. */
    void compare(KernelSets sets, String kernels) {
        if (!sets.goOnWith(kernels)) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "the checkpoint was computed by {0}, this run by {1}: it continues, but not bit for bit",
                    earlier,
                    kernels);
        }
    }

    private static Map<String, String> settings(TrainingConfig config, PreparedData data) {
        Map<String, String> settings = new TreeMap<>(config.settings());
        settings.put("data", data.hash());
        return settings;
    }

    private void requireSame(Map<String, String> old, Map<String, String> now) throws IOException {
        List<String> differences = new ArrayList<>();
        now.forEach((name, value) -> {
            String before = old.getOrDefault(name, "");
            if (!before.equals(value)) {
                differences.add(
                        name.equals("data") ? "the data are others" : name + " was " + before + ", is " + value);
            }
        });
        if (!differences.isEmpty()) {
            throw new MalformedFileException(
                    last,
                    "the training can't be resumed, because " + String.join("; ", differences),
                    "use the settings and data it was started with, or train afresh");
        }
    }

    private static Map<String, double[]> series(Progress progress) {
        List<TrainingPoint> points = progress.history();
        Map<String, double[]> series = new TreeMap<>();
        series.put("step", points.stream().mapToDouble(TrainingPoint::step).toArray());
        series.put("loss", points.stream().mapToDouble(TrainingPoint::loss).toArray());
        series.put(
                "validation_loss",
                points.stream().mapToDouble(TrainingPoint::validationLoss).toArray());
        series.put(
                "gradient_norm",
                points.stream().mapToDouble(TrainingPoint::gradientNorm).toArray());
        series.put(
                "learning_rate",
                points.stream().mapToDouble(TrainingPoint::learningRate).toArray());
        series.put(
                "pending",
                new double[] {progress.sinceBest(), progress.lossSum(), progress.normSum(), progress.stepsSince()});
        return series;
    }

    private List<TrainingPoint> history(Map<String, double[]> series) throws IOException {
        double[] none = {};
        double[] steps = series.getOrDefault("step", none);
        double[] losses = series.getOrDefault("loss", none);
        double[] validation = series.getOrDefault("validation_loss", none);
        double[] norms = series.getOrDefault("gradient_norm", none);
        double[] rates = series.getOrDefault("learning_rate", none);
        int length = steps.length;
        if (losses.length != length
                || validation.length != length
                || norms.length != length
                || rates.length != length) {
            throw new IOException(last + " is damaged: the series of its history differ in length");
        }
        List<TrainingPoint> history = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            history.add(new TrainingPoint((long) steps[i], losses[i], validation[i], norms[i], rates[i]));
        }
        return history;
    }
}
