package io.github.slicedscore.train;

import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.model.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a training has come: the state it started from or was saved at, the best parameters so far, the history, and the
 * sums since the last point of the history. All of it is saved, so a resumed run's history has no seam.
 */
final class Progress {
    private final List<TrainingPoint> history = new ArrayList<>();
    private TrainingState state;
    private @Nullable Parameters best;
    private long bestStep;
    private double bestLoss = Double.NaN;
    private int sinceBest;
    private double lossSum;
    private double normSum;
    private long stepsSince;

    private Progress(TrainingState state) {
        this.state = state;
    }

    static Progress start(TrainingState state) {
        return new Progress(state);
    }

    /** A progress as it was saved. */
    static Progress restored(
            TrainingState state,
            List<TrainingPoint> history,
            @Nullable Parameters best,
            long bestStep,
            double bestLoss,
            int sinceBest,
            double lossSum,
            double normSum,
            long stepsSince) {
        Progress progress = new Progress(state);
        progress.history.addAll(history);
        progress.best = best;
        progress.bestStep = bestStep;
        progress.bestLoss = bestLoss;
        progress.sinceBest = sinceBest;
        progress.lossSum = lossSum;
        progress.normSum = normSum;
        progress.stepsSince = stepsSince;
        return progress;
    }

    void stepped(double loss, double gradientNorm) {
        lossSum += loss;
        normSum += gradientNorm;
        stepsSince++;
    }

    /** Adds a point to the history; true if it is the best so far, which without held-out rows every point is. */
    boolean validated(long step, double validationLoss, double rate, Parameters parameters) {
        long count = Math.max(1, stepsSince);
        history.add(new TrainingPoint(step, lossSum / count, validationLoss, normSum / count, rate));
        lossSum = 0;
        normSum = 0;
        stepsSince = 0;
        boolean better = best == null || Double.isNaN(validationLoss) || validationLoss < bestLoss;
        if (better) {
            best = parameters;
            bestStep = step;
            bestLoss = validationLoss;
            sinceBest = 0;
        } else {
            sinceBest++;
        }
        return better;
    }

    /** The same progress at a later state of the run. */
    Progress at(TrainingState newState) {
        state = newState;
        return this;
    }

    TrainingState state() {
        return state;
    }

    List<TrainingPoint> history() {
        return history;
    }

    @Nullable
    Parameters best() {
        return best;
    }

    /** The best parameters of a training that has validated. */
    Parameters requireBest() {
        return Objects.requireNonNull(best, "a training has a best point once it has validated");
    }

    long bestStep() {
        return bestStep;
    }

    double bestLoss() {
        return bestLoss;
    }

    int sinceBest() {
        return sinceBest;
    }

    double lossSum() {
        return lossSum;
    }

    double normSum() {
        return normSum;
    }

    long stepsSince() {
        return stepsSince;
    }
}
