package io.github.slicedscore.train;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.DeviceException;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Learns a model from a table: split, standardise, step, validate, keep the best.
 *
 * <pre>{@code
 * try (Backend backend = Backends.auto()) {
 *     TrainingReport report = new Trainer(TrainingConfig.builder().build(), data, backend).run();
 *     report.model().save(Path.of("model.safetensors"));
 * }
 * }</pre>
 *
 * <p>The same configuration, data and kernels give the same model bit for bit, for any number of threads and however often
 * the run was interrupted and resumed.
 */
public final class Trainer {
    private static final System.Logger LOGGER = System.getLogger(Trainer.class.getName());

    /** Checkpoints that are kept if nothing else is asked for: were the last one damaged, there is another one. */
    public static final int KEPT_CHECKPOINTS = 2;

    /** Least time between two checkpoints in mid-run, if nothing else is asked for. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    /** Steps between validations by default, where an epoch is shorter. */
    private static final long LEAST_INTERVAL = 200;

    private final TrainingConfig config;
    private final PreparedData data;
    private final Architecture architecture;
    private final Objective objective;
    private final int batch;
    private final long steps;
    private final Schedule schedule;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private Backend backend;
    private @Nullable Backend spare;
    private @Nullable Path checkpoints;
    private @Nullable CheckpointDirectory opened;
    private int keptCheckpoints = KEPT_CHECKPOINTS;
    private Duration checkpointInterval = CHECKPOINT_INTERVAL;
    private @Nullable CheckpointStore store;
    private boolean resume;
    private volatile boolean stopRequested;

    /**
     * Prepares a training: columns are put in order, rows split and standardised.
     *
     * @param config what to train and how
     * @param table modelled and condition columns
     * @param backend what computes; the caller closes it, after the model's last use
     * @throws IllegalArgumentException naming the column or setting that does not fit
     */
    public Trainer(TrainingConfig config, Dataset table, Backend backend) {
        this.config = config;
        this.backend = backend;
        this.data = PreparedData.of(config, table);
        this.architecture = config.architecture(data.columns().size());
        this.objective = config.objective().standardized(data.standardizer());
        int rows = data.training().rows();
        if (config.patience() > 0 && data.validation() == null) {
            throw new IllegalArgumentException(
                    "a patience of %d needs held-out rows to judge by, and a validation fraction of %s of %d rows holds out none; make it larger (--validation), or leave the patience out (--patience 0)"
                            .formatted(config.patience(), config.validationFraction(), rows));
        }
        if (config.batch() > rows) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "the batch of {0} rows is cut to the {1} training rows there are",
                    Integer.toString(config.batch()),
                    Integer.toString(rows));
        }
        if (architecture instanceof DeepKernelEnergy energy && energy.inducing() > rows) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "the {0} inducing points are more than the {1} training rows there are: those beyond them start at random, and a step takes longer by them; take {1} points or fewer (--kernels {2}:{3}:{1})",
                    Integer.toString(energy.inducing()),
                    Integer.toString(rows),
                    Integer.toString(energy.kernels()),
                    Integer.toString(energy.features()));
        }
        this.batch = Math.min(config.batch(), rows);
        TrainingConfig.requireHalves(config.kind(), batch);
        this.steps = config.steps() > 0 ? config.steps() : ceilDiv((long) config.epochs() * rows, batch);
        this.schedule = config.learningRate().over(steps);
    }

    private static long ceilDiv(long x, long y) {
        return (x + y - 1) / y;
    }

    /**
     * Adds a listener.
     *
     * @param listener told of progress, after those added before
     * @return this
     */
    public Trainer listener(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Keeps checkpoints, from which {@link #resume} continues, and {@code best.safetensors}, the best model so far. They are written
     * every few seconds, and at the end. One that cannot be written in mid-run does not end the training: a warning is logged, and
     * the next one is tried. No other training can write there meanwhile.
     *
     * @param directory where; made if it does not exist. Without {@link #resume}, checkpoints of an earlier training are deleted
     * @return this
     */
    public Trainer checkpoints(Path directory) {
        checkpoints = directory;
        opened = null;
        return this;
    }

    /**
     * Keeps checkpoints in a directory that is the caller's before and after the training, too.
     *
     * @param directory where; the caller closes it
     * @return this
     * @see #checkpoints(Path)
     */
    public Trainer checkpoints(CheckpointDirectory directory) {
        checkpoints = directory.path();
        opened = directory;
        return this;
    }

    /**
     * How many checkpoints are kept. A damaged one is passed over for the one before.
     *
     * @param count the last so many, at least 1; {@link #KEPT_CHECKPOINTS} by default
     * @return this
     * @throws IllegalArgumentException if there are less than 1
     */
    public Trainer keepCheckpoints(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 checkpoint is kept, not " + count);
        }
        keptCheckpoints = count;
        return this;
    }

    /**
     * How often checkpoints are written in mid-run.
     *
     * @param least time between two of them; zero for one after every validation; {@link #CHECKPOINT_INTERVAL} by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Trainer checkpointInterval(Duration least) {
        if (least.isNegative()) {
            throw new IllegalArgumentException("the time between checkpoints is not negative: " + least);
        }
        checkpointInterval = least;
        return this;
    }

    /**
     * Continues from the last checkpoint of the directory given to {@link #checkpoints}, if there is one. If it is damaged, a
     * warning is logged, and the one before taken.
     *
     * @return this
     * @throws IllegalStateException if no directory was given
     */
    public Trainer resume() {
        if (checkpoints == null) {
            throw new IllegalStateException("resuming needs the directory of the checkpoints: call checkpoints first");
        }
        resume = true;
        return this;
    }

    /**
     * What goes on with the training if a device fails in mid-run: from the last checkpoint, or from the beginning where there is
     * none. A warning says so, and listeners hear of another start. Without this, a failure ends {@link #run}.
     *
     * @param other another backend, such as the processor's, which is not in use until then; the caller closes it, after the
     *     model's last use
     * @return this
     */
    public Trainer onDeviceFailure(Backend other) {
        spare = other;
        return this;
    }

    /**
     * Ends {@link #run} after the current step, with the best model so far; where listeners may lag, after those under way, which
     * take some hundredths of a second together. Any thread may call it.
     */
    public void requestStop() {
        stopRequested = true;
    }

    /**
     * Trains. Interrupting the thread that runs this is as good as {@link #requestStop}: training ends as soon as then, with the
     * checkpoint written, and the thread stays interrupted.
     *
     * @return the best model and how it came about; the model computes on the backend that trained it last, or if that has no
     *     room for it on the processor
     * @throws CheckpointsInUseException if another training writes its checkpoints into the same directory
     * @throws UnsavedCheckpointException if the checkpoint at the end can't be written; it has the report
     * @throws IOException if a checkpoint can't be read
     * @throws DivergenceException if a loss or gradient is not finite
     * @throws DeviceException if a device fails, and there is no other backend to go on with
     */
    public TrainingReport run() throws IOException {
        if (checkpoints == null) {
            return trainOnWhatWorks();
        }
        if (opened != null) {
            return train(opened);
        }
        try (CheckpointDirectory directory = CheckpointDirectory.open(checkpoints)) {
            return train(directory);
        }
    }

    private TrainingReport train(CheckpointDirectory directory) throws IOException {
        store = new CheckpointStore(directory, keptCheckpoints, checkpointInterval.toNanos());
        if (!resume) {
            store.forget();
        }
        return trainOnWhatWorks();
    }

    private TrainingReport trainOnWhatWorks() throws IOException {
        try {
            return train();
        } catch (DeviceException e) {
            if (spare == null || spare == backend) {
                throw e;
            }
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0}: the training goes on {1}, computed by {2}",
                    e.getMessage(),
                    store != null && store.hasAny() ? "from its last checkpoint" : "from its beginning",
                    spare.description());
            backend = spare;
            resume = true;
            return train();
        }
    }

    private TrainingReport train() throws IOException {
        TrainingSpec spec = new TrainingSpec(
                architecture,
                objective,
                config.optimizer(),
                schedule,
                config.clipNorm(),
                config.averageDecay(),
                batch,
                config.seed());
        Progress progress = resume && store != null ? store.read(config, data, architecture) : null;
        if (progress == null) {
            progress = Progress.start(TrainingState.initial(architecture, config.seed(), data.training()));
        }
        try (TrainingRun run = backend.openTraining(spec, data.training(), progress.state());
                Validation validation = data.validation() == null
                        ? null
                        : new Validation(backend, architecture, objective, data.validation(), config.seed())) {
            KernelSets sets = new KernelSets(
                    store == null ? "" : store.earlier(), progress.state().step());
            if (store != null) {
                store.compare(sets, run.kernels());
            }
            // Not sooner: what a run asks for may decide what computes it.
            TrainingPlan plan = new TrainingPlan(
                    architecture,
                    data.columns(),
                    data.training().rows(),
                    data.held().size(),
                    batch,
                    steps,
                    progress.state().step(),
                    data.dequantized(),
                    backend.description(),
                    run.kernels());
            listeners.forEach(listener -> listener.started(plan));
            return loop(run, sets, validation, progress);
        }
    }

    private TrainingReport loop(TrainingRun run, KernelSets sets, @Nullable Validation validation, Progress progress)
            throws IOException {
        long interval = config.validationInterval() > 0
                ? config.validationInterval()
                : Math.max(LEAST_INTERVAL, ceilDiv(data.training().rows(), batch));
        boolean several = listeners.stream().allMatch(TrainingListener::mayLag);
        StepPace pace = new StepPace();
        StepResults results = new StepResults();
        TrainingReport.End end = TrainingReport.End.COMPLETED;
        while (run.step() < steps) {
            if (config.patience() > 0 && progress.sinceBest() >= config.patience()) {
                end = TrainingReport.End.PATIENCE;
                break;
            }
            if (stopRequested || Thread.currentThread().isInterrupted()) {
                end = TrainingReport.End.STOPPED;
                break;
            }
            long done = run.step();
            long start = System.nanoTime();
            run.step(several ? pace.next(Math.min(steps - done, interval - done % interval)) : 1, results);
            tell(run, results, progress);
            pace.took(results.size(), System.nanoTime() - start);
            boolean validated = run.step() % interval == 0 || run.step() == steps;
            if (validated) {
                validate(run, validation, progress, schedule.rate(run.step() - 1));
            }
            if (store != null && store.isDue(validated) && run.step() < steps) {
                store.tryToWrite(
                        config,
                        data,
                        architecture,
                        backend,
                        sets.upTo(run.step(), run.kernels()),
                        progress.at(finite(run, progress)));
            }
        }
        progress.at(finite(run, progress));
        IOException unsaved = null;
        if (store != null) {
            try {
                store.write(config, data, architecture, backend, sets.upTo(run.step(), run.kernels()), progress);
            } catch (IOException e) {
                unsaved = e;
            }
        }
        if (progress.best() == null) {
            // After the checkpoint: a resumed run must not find a validation that an uninterrupted one does not have.
            validate(run, validation, progress, run.step() == 0 ? 0 : schedule.rate(run.step() - 1));
        }
        listeners.forEach(TrainingListener::finishing);
        Parameters best = run.finished(progress.requireBest(), data.validation());
        ScoreModel model =
                Models.of(config, data, architecture, backend, sets.upTo(run.step(), run.kernels()), progress, best);
        TrainingReport report = new TrainingReport(model, progress.history(), run.step(), progress.bestStep(), end);
        if (unsaved != null) {
            throw new UnsavedCheckpointException(report, unsaved);
        }
        return report;
    }

    /** Takes steps up into the progress and tells the listeners of them; throws at one that is not finite. */
    private void tell(TrainingRun run, StepResults results, Progress progress) {
        for (int i = 0; i < results.size(); i++) {
            double loss = results.loss(i);
            double norm = results.gradientNorm(i);
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                long step = results.get(i).step();
                throw diverged(
                        run,
                        progress,
                        step + 1,
                        "loss " + loss + ", gradient norm " + norm,
                        schedule.rate(step),
                        Divergence.at(run, batch, layout()));
            }
            progress.stepped(loss, norm);
            if (!listeners.isEmpty()) {
                StepResult result = results.get(i);
                for (TrainingListener listener : listeners) {
                    listener.stepped(result);
                }
            }
        }
    }

    private void validate(TrainingRun run, @Nullable Validation validation, Progress progress, double rate) {
        Parameters parameters = judged(run);
        Optional<String> fault = Divergence.in(parameters.toArray(), "", layout());
        double loss = validation == null || fault.isPresent() ? Double.NaN : validation.loss(parameters);
        if (fault.isPresent() || (validation != null && !Double.isFinite(loss))) {
            throw diverged(
                    run,
                    progress,
                    run.step(),
                    "validation loss " + loss,
                    rate,
                    fault.orElse(
                            "all parameters are finite, but so large, or held-out rows so far off, that the loss is not"));
        }
        boolean best = progress.validated(run.step(), loss, rate, parameters);
        TrainingPoint point = progress.history().get(progress.history().size() - 1);
        listeners.forEach(listener -> listener.validated(point, best));
    }

    /** The parameters that a model would have now. */
    private Parameters judged(TrainingRun run) {
        if (config.averageDecay() == 0) {
            return run.parameters();
        }
        // The state's average, as the run's own is settled already, which costs a solve, but still holds where the run
        // began.
        Parameters average = Parameters.of(architecture, run.state().average());
        return run.settled(MovingAverage.corrected(
                average, architecture, config.seed(), data.training(), config.averageDecay(), run.step()));
    }

    /** The state of a run, whose numbers are finite. */
    private TrainingState finite(TrainingRun run, Progress progress) {
        TrainingState state = run.state();
        Optional<String> fault = Divergence.in(state, layout());
        if (fault.isPresent()) {
            double rate = run.step() == 0 ? 0 : schedule.rate(run.step() - 1);
            throw diverged(run, progress, run.step(), "not all of its state is finite", rate, fault.get());
        }
        return state;
    }

    private DivergenceException diverged(
            TrainingRun run, Progress progress, long step, String found, double rate, String where) {
        String kept = store == null
                ? "No checkpoint was written, as the trainer has no directory for them."
                : store.diverged(config, data, architecture, backend, run.kernels(), progress.at(run.state()));
        return new DivergenceException(step, found, rate, where, kept, Divergence.advice(config));
    }

    private ParameterLayout layout() {
        return ParameterLayout.of(architecture);
    }
}
