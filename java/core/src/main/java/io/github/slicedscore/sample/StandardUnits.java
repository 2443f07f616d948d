package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** The way of every sampler into a model's standardised units and back. */
final class StandardUnits {
    /** Standard deviations from the data beyond which a sample counts as lost. */
    static final double ESCAPED = 1000;

    /** Why samples that follow a noised score can be lost, and what to do. */
    static final String LONG_STEPS =
            "the steps are too long for this model, or its score does not point back to the data at a"
                    + " noise level; take shorter or more steps, or train longer";

    private StandardUnits() {}

    static void requireCount(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one sample, not " + count);
        }
    }

    /**
     * Checks that so many samples can be held.
     *
     * @return how many numbers they are
     * @throws IllegalArgumentException if no array can
     * @throws OutOfHeapException if the heap cannot
     */
    static int requireRoom(long count, int dimension) {
        String what = "%d samples of %d columns".formatted(count, dimension);
        String mend = "draw fewer at a time, with another seed each time";
        if (count * dimension > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(what + " are more than 2^31 numbers, which no array holds; " + mend);
        }
        // At the end they are there in both units.
        OutOfHeapException.require(what, 2.0 * Double.BYTES * count * dimension, mend);
        return (int) count * dimension;
    }

    /**
     * How many conditions there are in an array of them.
     *
     * @throws IllegalArgumentException if the model has none, or there is no whole number of them
     */
    static int requireEach(ScoreModel model, double[] conditions) {
        int given = model.conditions().size();
        if (given == 0) {
            throw new IllegalArgumentException("the model has no conditions to draw a sample for each of");
        }
        if (conditions.length == 0 || conditions.length % given != 0) {
            throw new IllegalArgumentException("the model is conditioned on " + model.conditions()
                    + ", so a condition is as many numbers, and " + conditions.length
                    + " numbers are no whole number of them");
        }
        return conditions.length / given;
    }

    /** Starting points N(0, deviation^2 I), [count, D]: the sampler's stream at step 0. */
    static double[] starts(int count, int dimension, double deviation, long seed) {
        Philox philox = new Philox();
        float[] normals = new float[dimension];
        double[] starts = new double[requireRoom(count, dimension)];
        for (int row = 0; row < count; row++) {
            philox.normals(seed, row, RandomStream.SAMPLER, 0, 0, normals, 0, dimension);
            for (int i = 0; i < dimension; i++) {
                starts[row * dimension + i] = deviation * normals[i];
            }
        }
        return starts;
    }

    /** Where the reverse of noising begins, [count, D]: what data of variance 1 look like at the largest level. */
    static double[] noisiest(NoisedScore score, int count, long seed) {
        return starts(count, score.dimension(), Math.hypot(1, score.levels().largest()), seed);
    }

    /**
     * Points in the units of the data.
     *
     * @param points [count, D] in standardised units
     * @param mend why a sample can be lost, and what to do
     * @throws SamplingException if one is
     */
    static Dataset restore(ScoreModel model, double[] points, int count, String mend) {
        Standardizer standardizer = model.standardizer();
        int dimension = model.columns().size();
        double[] values = new double[count * dimension];
        int lost = 0;
        for (int row = 0; row < count; row++) {
            boolean found = true;
            for (int i = 0; i < dimension; i++) {
                double value = points[row * dimension + i];
                found &= Math.abs(value) < ESCAPED;
                values[row * dimension + i] = standardizer.restore(i, value);
            }
            lost += found ? 0 : 1;
        }
        if (lost > 0) {
            throw new SamplingException(lost + " of " + count + " samples ran away, more than " + (int) ESCAPED
                    + " standard deviations from the data: " + mend);
        }
        return Dataset.of(model.columns(), values);
    }
}
