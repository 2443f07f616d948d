package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.objective.Slices;

/**
 * Mean of a score-matching loss over the rows of a table, in standardised units, without the noise of training.
 *
 * @param objective the objective's name: "exact", "ssm" or "ssm-vr"
 * @param mean the mean over the rows
 * @param standardError standard error of that mean over the rows, slices included; NaN for a single row
 * @param rows number of rows
 */
public record HeldOutLoss(String objective, double mean, double standardError, int rows) {
    /** The step whose slices are used: neither training's nor validation's. */
    private static final long STEP = 0xFFFFFFFEL;

    /** Rows at once, which bounds the memory for directions. */
    private static final int CHUNK = 1024;

    /**
     * The exact score-matching loss, whose trace costs D first-order streams of each row:
     *
     * <pre>mean over rows of   tr J + |s|^2 / 2</pre>
     *
     * <p>It is the Fisher divergence from the rows' distribution up to a constant of the rows, so models of the same
     * standardised rows can be compared by it, whatever objective they were trained with.
     *
     * @param model of either kind
     * @param rows with the model's columns and conditions among their columns
     * @return the loss
     * @throws IllegalArgumentException if there is no row, or a column is missing
     */
    public static HeldOutLoss exact(ScoreModel model, Dataset rows) {
        return exact(model, ModelRows.of(model, rows));
    }

    /**
     * The loss of sliced score matching on slices that depend on the seed alone:
     *
     * <pre>mean over rows and slices of   v.J v + (v.s)^2 / 2</pre>
     *
     * @param model of either kind
     * @param rows with the model's columns and conditions among their columns
     * @param slices v
     * @param seed key of the slices
     * @return the loss
     * @throws IllegalArgumentException if there is no row, or a column is missing
     */
    public static HeldOutLoss sliced(ScoreModel model, Dataset rows, Slices slices, long seed) {
        return sliced(model, ModelRows.of(model, rows), slices, seed, false);
    }

    /**
     * The loss of sliced score matching with variance reduction on slices that depend on the seed alone:
     *
     * <pre>mean over rows of   (mean over slices of v.J v) + |s|^2 / 2</pre>
     *
     * @param model of either kind
     * @param rows with the model's columns and conditions among their columns
     * @param slices v
     * @param seed key of the slices
     * @return the loss
     * @throws IllegalArgumentException if there is no row, or a column is missing
     */
    public static HeldOutLoss varianceReduced(ScoreModel model, Dataset rows, Slices slices, long seed) {
        return sliced(model, ModelRows.of(model, rows), slices, seed, true);
    }

    static HeldOutLoss exact(ScoreModel model, ModelRows rows) {
        return mean("exact", rows, (chunk, from) -> exactLosses(model, chunk));
    }

    static HeldOutLoss sliced(ScoreModel model, ModelRows rows, Slices slices, long seed, boolean reduced) {
        return mean(
                reduced ? "ssm-vr" : "ssm",
                rows,
                (chunk, from) -> slicedLosses(model, chunk, from, slices, seed, reduced));
    }

    /** Losses of some of the rows. */
    private interface Losses {
        double[] of(ModelRows chunk, int from);
    }

    private static HeldOutLoss mean(String objective, ModelRows rows, Losses losses) {
        double[] all = new double[rows.count()];
        for (int from = 0; from < all.length; from += CHUNK) {
            double[] some = losses.of(rows.range(from, Math.min(all.length, from + CHUNK)), from);
            System.arraycopy(some, 0, all, from, some.length);
        }
        SampleMean mean = SampleMean.of(all);
        return new HeldOutLoss(objective, mean.mean(), mean.standardError(), all.length);
    }

    private static double[] exactLosses(ScoreModel model, ModelRows rows) {
        int dimension = model.columns().size();
        double[] losses = halfSquares(rows.scores(), dimension);
        double[] traces = rows.traces();
        for (int row = 0; row < losses.length; row++) {
            losses[row] += traces[row];
        }
        return losses;
    }

    private static double[] slicedLosses(
            ScoreModel model, ModelRows rows, int from, Slices slices, long seed, boolean reduced) {
        int dimension = model.columns().size();
        double[] scores = rows.scores();
        double[] losses = reduced ? halfSquares(scores, dimension) : new double[rows.count()];
        double[] directions = new double[scores.length];
        double[] forms = new double[rows.count()];
        float[] direction = new float[dimension];
        Philox philox = new Philox();
        for (int slice = 0; slice < slices.count(); slice++) {
            for (int row = 0; row < rows.count(); row++) {
                slices.draw(philox, seed, from + row, slice, STEP, direction, dimension);
                double product = 0;
                for (int i = 0; i < dimension; i++) {
                    directions[row * dimension + i] = direction[i];
                    product += direction[i] * scores[row * dimension + i];
                }
                if (!reduced) {
                    losses[row] += 0.5 * product * product / slices.count();
                }
            }
            rows.quadraticForms(directions, forms);
            for (int row = 0; row < rows.count(); row++) {
                losses[row] += forms[row] / slices.count();
            }
        }
        return losses;
    }

    /** |s|^2 / 2 of each row. */
    private static double[] halfSquares(double[] scores, int dimension) {
        double[] squares = new double[scores.length / dimension];
        for (int i = 0; i < scores.length; i++) {
            squares[i / dimension] += 0.5 * scores[i] * scores[i];
        }
        return squares;
    }
}
