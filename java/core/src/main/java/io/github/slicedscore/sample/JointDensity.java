package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.NoiseLevels;
import org.jspecify.annotations.Nullable;

/**
 * What a model learned as a function of rows [x, c] in standardised units, so that each row has conditions of its own. Conditions
 * get a score of zero: whoever walks on this density leaves them where they are. Score networks give scores alone.
 */
final class JointDensity implements Density {
    private final Scorer scorer;
    private final int modelled;
    private final int width;
    private final int inputs;
    private final double smallest;

    JointDensity(ScoreModel model) {
        scorer = model.scorer();
        modelled = model.columns().size();
        width = modelled + model.conditions().size();
        inputs = model.architecture().inputs();
        smallest = model.noiseLevels().map(NoiseLevels::smallest).orElse(0.0);
    }

    /** D + C. */
    @Override
    public int dimension() {
        return width;
    }

    /** At the smallest noise level where there are some. */
    @Override
    public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
        evaluate(points, count, smallest, logDensities, scores);
    }

    /** At a noise level; a model without takes no account of it. */
    void evaluate(
            double[] points, int count, double sigma, double @Nullable [] logDensities, double @Nullable [] scores) {
        float[] rows = new float[Math.multiplyExact(count, inputs)];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < width; i++) {
                rows[row * inputs + i] = (float) points[row * width + i];
            }
            if (inputs > width) {
                rows[row * inputs + width] = NoiseLevels.condition(sigma);
            }
        }
        float[] values = logDensities == null ? null : new float[count];
        float[] gradients = scores == null ? null : new float[count * modelled];
        scorer.evaluate(rows, count, values, gradients);
        if (logDensities != null && values != null) {
            ModelRows.widen(values, logDensities);
        }
        if (scores != null && gradients != null) {
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < width; i++) {
                    scores[row * width + i] = i < modelled ? gradients[row * modelled + i] : 0;
                }
            }
        }
    }
}
