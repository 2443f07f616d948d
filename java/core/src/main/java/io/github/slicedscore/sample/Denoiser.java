package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Map;

/**
 * Takes Gaussian noise off rows: the mean of what they were before it came, by Tweedie's formula, in standardised units:
 *
 * <pre>E[x_0 | x] = x + sigma^2 s(x),      x = x_0 + sigma e,      e ~ N(0, I),      s the score of the noised rows</pre>
 *
 * <p>Of all functions of the noised row this one has the least mean squared error. The score must be that of rows with this
 * noise: a model with noise levels has it for every sigma between them; another for the noise that it was trained with
 * ({@link #known}), or, of rows that had noise themselves when it was trained, for theirs.
 *
 * <h2>References</h2>
 * <ol>
 * <li>B. Efron. Tweedie's formula and selection bias. JASA 2011, equation 1.4.</li>
 * <li>P. Vincent. A connection between score matching and denoising autoencoders. Neural Computation 2011.</li>
 * </ol>
 *
 * @param sigma deviation of the noise in standardised units, positive
 */
public record Denoiser(double sigma) {
    /** Rows at once, which bounds the memory. */
    private static final int CHUNK = 8192;

    /** Checks the range. */
    public Denoiser {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("the deviation of the noise is a positive number, not " + sigma);
        }
    }

    /**
     * The noise of the rows whose score a model learned: that of every batch and of its objective together; of a model with noise
     * levels the smallest of these.
     *
     * @param model the model
     * @return deviation in standardised units, 0 for none
     */
    public static double known(ScoreModel model) {
        Map<String, String> settings = model.provenance().settings();
        double noise = Double.parseDouble(settings.getOrDefault("noise", "0"));
        double sigma = model.noiseLevels()
                .map(NoiseLevels::smallest)
                .orElseGet(() -> Double.parseDouble(settings.getOrDefault("sigma", "0")));
        return Math.hypot(noise, sigma);
    }

    /**
     * Rows without their noise.
     *
     * @param model the model, of either kind
     * @param rows [x, c], [count, D + C] row-major, in the units of the data
     * @param count number of rows
     * @return the modelled columns, [count, D] row-major, in the units of the data
     * @throws IllegalArgumentException if the array is too short, or sigma lies outside the model's noise levels
     */
    public double[] denoise(ScoreModel model, double[] rows, int count) {
        model.noiseLevels().ifPresent(this::requireKnown);
        int dimension = model.columns().size();
        int width = dimension + model.conditions().size();
        if (count < 0 || rows.length < (long) count * width) {
            throw new IllegalArgumentException(count + " rows of " + width + " numbers are " + (long) count * width
                    + " numbers, but the array has " + rows.length);
        }
        Standardizer units = model.standardizer();
        JointDensity density = new JointDensity(model);
        double[] clean = new double[Math.multiplyExact(count, dimension)];
        for (int from = 0; from < count; from += CHUNK) {
            int chunk = Math.min(CHUNK, count - from);
            double[] points = new double[chunk * width];
            for (int i = 0; i < points.length; i++) {
                points[i] = units.standardize(i % width, rows[from * width + i]);
            }
            double[] scores = new double[points.length];
            density.evaluate(points, chunk, sigma, null, scores);
            for (int i = 0; i < chunk * dimension; i++) {
                int at = i / dimension * width + i % dimension;
                clean[from * dimension + i] = units.restore(i % dimension, points[at] + sigma * sigma * scores[at]);
            }
        }
        return clean;
    }

    private void requireKnown(NoiseLevels levels) {
        // A level's decimal may be the nearest single or double to what was meant.
        double tolerance = 1e-6;
        if (sigma > levels.largest() * (1 + tolerance) || sigma < levels.smallest() * (1 - tolerance)) {
            throw new IllegalArgumentException("the model knows noise from " + levels.largest() + " to "
                    + levels.smallest() + ", not of " + sigma + "; train with other --noise-levels");
        }
    }
}
