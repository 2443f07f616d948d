package io.github.slicedscore.backend;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The fastest backend until it is asked for something that its kernels do not know, and from then on the next: the whole of it,
 * so that name and kernels are those of what computes what is opened from then on.
 */
final class AutoBackend implements Backend {
    private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

    private final Backend first;
    private final Supplier<Backend> next;
    private Backend current;

    /**
     * A backend with another behind it.
     *
     * @param first the fastest
     * @param next opens the next, on demand
     */
    AutoBackend(Backend first, Supplier<Backend> next) {
        this.first = first;
        this.next = next;
        this.current = first;
    }

    private synchronized Backend current() {
        return current;
    }

    private <T> T open(Function<Backend, T> what) {
        Backend backend = current();
        try {
            return what.apply(backend);
        } catch (NotSupportedException e) {
            return what.apply(after(backend, e));
        }
    }

    private synchronized Backend after(Backend refusing, NotSupportedException reason) {
        if (current == refusing) {
            if (current != first) {
                throw reason;
            }
            current = next(reason);
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "backend {0} is used instead of {1}: {2}",
                    current.name(),
                    first.name(),
                    reason.getMessage());
        }
        return current;
    }

    /** The next backend; what the first refused stays in the message where there is none, because of the precision for example. */
    private Backend next(NotSupportedException reason) {
        try {
            return next.get();
        } catch (BackendUnavailableException e) {
            throw new NotSupportedException(reason.getMessage() + ", but " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return current().name();
    }

    @Override
    public String description() {
        return current().description();
    }

    @Override
    public String kernels() {
        return current().kernels();
    }

    @Override
    public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        return open(backend -> backend.openTraining(spec, rows, start));
    }

    @Override
    public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
        return open(backend -> backend.openObjective(architecture, objective));
    }

    @Override
    public Scorer openScorer(Architecture architecture, Parameters parameters) {
        return open(backend -> backend.openScorer(architecture, parameters));
    }

    @Override
    public synchronized void close() {
        first.close();
        current.close();
    }
}
