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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The states of one training in a directory, those of the last steps that were saved, and the best model. */
final class CheckpointStore {
    private static final System.Logger LOGGER = System.getLogger(CheckpointStore.class.getName());

    /** The series of a state after which the training diverged: at which step. */
    private static final String DIVERGED = "diverged";

    /** What may then be another than before. */
    private static final Set<String> MENDS = Set.of("learning_rate", "clip_norm", "noise");

    private final CheckpointDirectory directory;
    private final int keep;
    private final long interval;
    private long tried = System.nanoTime();
    private long bestWritten = -1;
    private boolean any;

    /** What computed the checkpoint that was read. */
    private String earlier = "";

    /**
     * A store.
     *
     * @param directory where
     * @param keep states kept, at least 1
     * @param interval least time between two writes in mid-run, nanoseconds
     */
    CheckpointStore(CheckpointDirectory directory, int keep, long interval) {
        this.directory = directory;
        this.keep = keep;
        this.interval = interval;
    }

    Path path() {
        return directory.path();
    }

    /** Whether a state was read or written. */
    boolean hasAny() {
        return any;
    }

    /** Deletes what an earlier training left, which must not pass for states of a new one that fails early. */
    void forget() throws IOException {
        directory.clear();
    }

    /** Whether the last write, or the last attempt at it, is long enough ago. If any time is, only validations are followed by one. */
    boolean isDue(boolean validated) {
        return (validated || interval > 0) && System.nanoTime() - tried >= interval;
    }

    /**
     * Writes the state, and the best model if there is a new one; deletes states of the past, once the new one is there for good,
     * and those of later steps, which were passed over because they were damaged.
     */
    void write(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress)
            throws IOException {
        tried = System.nanoTime();
        directory.requireOurs();
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
                .write(directory.checkpoint(state.step()));
        any = true;
        deleteOthers(state.step());
        writeBest(config, data, architecture, backend, kernels, progress);
        tried = System.nanoTime();
    }

    /** Writes the best model, if there is one that is not there yet. */
    private void writeBest(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress)
            throws IOException {
        if (progress.best() != null && progress.bestStep() != bestWritten) {
            Parameters best = progress.requireBest();
            ModelFile.write(
                    Models.contents(config, data, architecture, backend, kernels, progress, best), directory.best());
            bestWritten = progress.bestStep();
        }
    }

    /** Deletes all but the last few up to a step, which is there for good. */
    private void deleteOthers(long step) throws IOException {
        int present = 0;
        for (Path file : CheckpointDirectory.checkpoints(directory.path())) {
            if (CheckpointDirectory.step(file) > step || present == keep) {
                Files.delete(file);
            } else {
                present++;
            }
        }
    }

    /** Writes the state; where that fails a warning says so, and the training goes on. */
    void tryToWrite(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress) {
        try {
            write(config, data, architecture, backend, kernels, progress);
        } catch (IOException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0}; training goes on and tries again, and the checkpoint before stays",
                    e.getMessage());
        }
    }

    /**
     * Keeps what is good of a training that diverged: the best model, and the last state, from which {@link #MENDS} may be others.
     *
     * @return what is kept, for a message
     */
    String diverged(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress) {
        StringBuilder kept = new StringBuilder();
        try {
            directory.requireOurs();
            writeBest(config, data, architecture, backend, kernels, progress);
            if (progress.best() != null) {
                kept.append(
                        "The best model so far, of step %d, is %s. ".formatted(progress.bestStep(), directory.best()));
            }
            if (any) {
                Path last = CheckpointDirectory.checkpoints(directory.path()).get(0);
                Checkpoint.read(last)
                        .withSeries(DIVERGED, new double[] {progress.state().step()})
                        .write(last);
                return kept.append(
                                "The last good checkpoint is kept in %s; --resume goes on from it, with another learning rate, clipping or noise."
                                        .formatted(directory.path()))
                        .toString();
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "what is good of the training that diverged cannot be kept: {0}",
                    e.getMessage());
        }
        return kept.append("No checkpoint was written yet.").toString();
    }

    /** Reads the last state that is not damaged, or null if there is none yet. */
    @Nullable
    Progress read(TrainingConfig config, PreparedData data, Architecture architecture) throws IOException {
        Map<Path, IOException> faults = new LinkedHashMap<>();
        for (Path file : CheckpointDirectory.checkpoints(directory.path())) {
            Checkpoint checkpoint;
            try {
                checkpoint = Checkpoint.read(file);
            } catch (FileSystemException e) {
                throw e; // It may not be read, which says nothing of what is in it.
            } catch (IOException e) {
                faults.put(file, e);
                continue;
            }
            faults.forEach((damaged, fault) -> LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the checkpoint {0} is damaged ({1}); the training goes on from the one before, {2}",
                    damaged,
                    fault.getMessage(),
                    file));
            return restored(file, checkpoint, config, data, architecture);
        }
        if (!faults.isEmpty()) {
            throw new MalformedFileException(
                    directory.path(),
                    "none of its checkpoints can be read ("
                            + faults.values().iterator().next().getMessage() + ")",
                    "put back a copy of it, or train afresh");
        }
        return null;
    }

    private Progress restored(
            Path file, Checkpoint checkpoint, TrainingConfig config, PreparedData data, Architecture architecture)
            throws IOException {
        requireSame(
                file,
                checkpoint.settings(),
                settings(config, data),
                checkpoint.series().containsKey(DIVERGED) ? MENDS : Set.of());
        if (checkpoint.randomLayout() != Philox.LAYOUT) {
            throw new IOException(file + " was written with layout " + checkpoint.randomLayout()
                    + " of random numbers, this release has " + Philox.LAYOUT
                    + "; resume with the release that wrote it, or train afresh");
        }
        any = true;
        bestWritten = -1;
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
            throw new IOException(file + " is damaged: its series 'pending' has " + pending.length + " numbers, not 4");
        }
        return Progress.restored(
                new TrainingState(
                        checkpoint.step(),
                        checkpoint.parameters(),
                        checkpoint.firstMoment(),
                        checkpoint.secondMoment(),
                        checkpoint.average()),
                history(file, series),
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

    private static void requireSame(Path file, Map<String, String> old, Map<String, String> now, Set<String> mayDiffer)
            throws IOException {
        List<String> differences = new ArrayList<>();
        now.forEach((name, value) -> {
            String before = old.getOrDefault(name, "");
            if (!before.equals(value) && !mayDiffer.contains(name)) {
                differences.add(
                        name.equals("data")
                                ? "the data are others"
                                : name + " was " + shown(before) + ", is " + shown(value));
            }
        });
        if (!differences.isEmpty()) {
            throw new MalformedFileException(
                    file,
                    "the training can't be resumed, because " + String.join("; ", differences),
                    "use the settings and data it was started with, or train afresh");
        }
    }

    private static String shown(String setting) {
        return setting.isEmpty() ? "none" : setting;
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

    private static List<TrainingPoint> history(Path file, Map<String, double[]> series) throws IOException {
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
            throw new IOException(file + " is damaged: the series of its history differ in length");
        }
        List<TrainingPoint> history = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            history.add(new TrainingPoint((long) steps[i], losses[i], validation[i], norms[i], rates[i]));
        }
        return history;
    }
}
