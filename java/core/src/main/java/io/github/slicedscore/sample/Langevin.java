package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Unadjusted Langevin dynamics, one chain per sample, in standardised units:
 *
 * <pre>x_0 ~ N(0, I),      x_{t+1} = x_t + h/2 s(x_t) + sqrt(h) xi_t,      xi_t ~ N(0, I)</pre>
 *
 * <p>The step h falls linearly from its first to its last value: long steps first to spread out and to cross between modes,
 * short ones last, because the samples' bias grows with the step of the end.
 *
 * <h2>References</h2>
 * <ol>
 * <li>G. Roberts, R. Tweedie. Exponential convergence of Langevin distributions and their discrete approximations. Bernoulli
 *     1996, section 1.4.1.</li>
 * </ol>
 *
 * @param steps number of steps, at least 1
 * @param firstStep h at the start, in squared standard deviations of the data
 * @param lastStep h at the end
 */
public record Langevin(int steps, double firstStep, double lastStep) implements Sampler {
    /** Standard deviations from the data beyond which a chain counts as lost. */
    private static final float ESCAPED = 1000f;

    /** Checks the ranges. */
    public Langevin {
        if (steps < 1) {
            throw new IllegalArgumentException("Langevin dynamics takes at least one step, not " + steps);
        }
        requireStep(firstStep);
        requireStep(lastStep);
    }

    private static void requireStep(double step) {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("a Langevin step is a positive number, not " + step);
        }
    }

    /**
     * Settings that suit standardised data whose finest detail is about a tenth of a standard deviation.
     *
     * @return 1000 steps of 0.05 falling to 0.002
     */
    public static Langevin standard() {
        return new Langevin(1000, 0.05, 0.002);
    }

    @Override
    public Dataset sample(ScoreModel model, int count, long seed, double... conditions) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one sample, not " + count);
        }
        int given = model.conditions().size();
        if (conditions.length != given) {
            throw new IllegalArgumentException("the model is conditioned on " + model.conditions() + ", so it takes "
                    + given + " given values, not " + conditions.length);
        }
        int dimension = model.columns().size();
        int width = dimension + given;
        Standardizer standardizer = model.standardizer();
        Philox philox = new Philox();
        float[] chains = new float[Math.multiplyExact(count, width)];
        for (int chain = 0; chain < count; chain++) {
            int from = chain * width;
            philox.normals(seed, chain, RandomStream.SAMPLER, 0, 0, chains, from, from + dimension);
            for (int c = 0; c < given; c++) {
                chains[from + dimension + c] = (float) standardizer.standardize(dimension + c, conditions[c]);
            }
        }
        model.scorer().langevin(chains, count, sizes(), seed, 0);
        return restore(model, standardizer, chains, count, width);
    }

    /** h of each step. */
    private double[] sizes() {
        double[] sizes = new double[steps];
        for (int step = 0; step < steps; step++) {
            double progress = steps == 1 ? 1 : step / (steps - 1.0);
            sizes[step] = firstStep + (lastStep - firstStep) * progress;
        }
        return sizes;
    }

    private Dataset restore(ScoreModel model, Standardizer standardizer, float[] chains, int count, int width) {
        int dimension = model.columns().size();
        double[] values = new double[count * dimension];
        int lost = 0;
        for (int chain = 0; chain < count; chain++) {
            boolean finite = true;
            for (int i = 0; i < dimension; i++) {
                float value = chains[chain * width + i];
                finite &= Math.abs(value) < ESCAPED;
                values[chain * dimension + i] = standardizer.restore(i, value);
            }
            lost += finite ? 0 : 1;
        }
        if (lost > 0) {
            throw new SamplingException(lost + " of " + count + " chains ran away, more than " + (int) ESCAPED
                    + " standard deviations from the data: the steps are too long for this model (try a tenth), or its score"
                    + " does not point back to the data far from it (train an energy with a Gaussian base, or with more"
                    + " noise)");
        }
        return Dataset.of(model.columns(), values);
    }
}
