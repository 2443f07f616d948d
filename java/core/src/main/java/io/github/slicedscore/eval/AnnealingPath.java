package io.github.slicedscore.eval;

import io.github.slicedscore.sample.Density;
import org.jspecify.annotations.Nullable;

/**
 * The densities between a normal distribution and another density, one at a time:
 *
 * <pre>log p_b(x) = (1 - b) log N(x; mean, s^2 diag(d^2)) + b f(x)</pre>
 *
 * <p>Mutable in b alone; turned by one thread.
 */
final class AnnealingPath implements Density {
    private final Density target;
    private final double[] mean;
    private final double[] deviations;
    private final double logConstant;
    private double inverseTemperature;

    AnnealingPath(Density target, double[] mean, double[] scales, double deviation) {
        this.target = target;
        this.mean = mean;
        deviations = scales.clone();
        double logVolume = 0;
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] *= deviation;
            logVolume += Math.log(deviations[i]);
        }
        logConstant = -0.5 * mean.length * Math.log(2 * Math.PI) - logVolume;
    }

    /** Chooses b. */
    void turnTo(double b) {
        inverseTemperature = b;
    }

    /** Writes the normal distribution's point that standard normal numbers stand for. */
    void place(float[] normals, double[] points, int offset) {
        for (int i = 0; i < mean.length; i++) {
            points[offset + i] = mean[i] + deviations[i] * normals[i];
        }
    }

    @Override
    public int dimension() {
        return mean.length;
    }

    @Override
    public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
        double b = inverseTemperature;
        // At b = 0 the density has no say, not even where it is zero.
        if (b > 0) {
            target.evaluate(points, count, logDensities, scores);
        }
        for (int row = 0; row < count; row++) {
            double square = 0;
            for (int i = 0; i < mean.length; i++) {
                int at = row * mean.length + i;
                double white = (points[at] - mean[i]) / deviations[i];
                square += white * white;
                if (scores != null) {
                    scores[at] = (b > 0 ? b * scores[at] : 0) - (1 - b) * white / deviations[i];
                }
            }
            if (logDensities != null) {
                logDensities[row] = (b > 0 ? b * logDensities[row] : 0) + (1 - b) * (logConstant - 0.5 * square);
            }
        }
    }
}
