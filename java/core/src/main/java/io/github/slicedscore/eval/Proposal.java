package io.github.slicedscore.eval;

import io.github.slicedscore.math.LogGamma;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * The proposal of {@link ImportanceSampling}: a mixture of Student-t densities, of which the last is wide. For one thread.
 *
 * <pre>
 * t(x; m, S) = Gamma((v + D)/2) / (Gamma(v/2) (v pi)^(D/2) |S|^(1/2)) (1 + (x - m)^T S^-1 (x - m) / v)^(-(v + D)/2)
 * x = m + L z sqrt(v / u),      L L^T = S, z ~ N(0, I), u ~ chi^2 with v degrees of freedom
 * </pre>
 */
final class Proposal {
    /** Of the wide part, in deviations of the rows. */
    private static final double WIDTH = 3;

    private final MixtureFit mixture;
    private final NormalFit whole;
    private final int degrees;
    private final double defensive;
    private final int dimension;
    private final double logConstant;
    private final double[] terms;
    private final Philox philox = new Philox();
    private final float[] normals;
    private final double[] point;

    Proposal(MixtureFit mixture, NormalFit whole, int degrees, double defensive) {
        this.mixture = mixture;
        this.whole = whole;
        this.degrees = degrees;
        this.defensive = defensive;
        dimension = whole.dimension();
        logConstant = LogGamma.of(0.5 * (degrees + dimension))
                - LogGamma.of(0.5 * degrees)
                - 0.5 * dimension * Math.log(degrees * Math.PI);
        terms = new double[mixture.size() + 1];
        normals = new float[Math.max(dimension, degrees)];
        point = new double[dimension];
    }

    double logDensity(double[] points, int offset) {
        for (int k = 0; k < mixture.size(); k++) {
            terms[k] =
                    Math.log1p(-defensive) + mixture.logWeight(k) + logStudent(mixture.component(k), 1, points, offset);
        }
        terms[mixture.size()] = Math.log(defensive) + logStudent(whole, WIDTH, points, offset);
        return LogSum.of(terms);
    }

    /** Draws the sample of that number. */
    void sample(long seed, int number, double[] points, int offset) {
        philox.draw(seed, number, 0, RandomStream.PROPOSAL, 0, 0);
        boolean wide = philox.uniform(0) < defensive;
        NormalFit component = wide ? whole : component(philox.uniform(1));
        philox.normals(seed, number, RandomStream.PROPOSAL, 1, 0, normals, 0, degrees);
        double chiSquare = 0;
        for (int i = 0; i < degrees; i++) {
            chiSquare += normals[i] * normals[i];
        }
        double scale = (wide ? WIDTH : 1) * Math.sqrt(degrees / chiSquare);
        philox.normals(seed, number, RandomStream.PROPOSAL, 2, 0, normals, 0, dimension);
        for (int i = 0; i < dimension; i++) {
            point[i] = scale * normals[i];
        }
        component.colour(point);
        System.arraycopy(point, 0, points, offset, dimension);
    }

    private NormalFit component(double uniform) {
        double rest = uniform;
        int k = 0;
        while (k + 1 < mixture.size() && rest >= Math.exp(mixture.logWeight(k))) {
            rest -= Math.exp(mixture.logWeight(k));
            k++;
        }
        return mixture.component(k);
    }

    private double logStudent(NormalFit fit, double width, double[] points, int offset) {
        double square = fit.squaredDistance(points, offset) / (width * width);
        return logConstant
                - 0.5 * fit.logDeterminant()
                - dimension * Math.log(width)
                - 0.5 * (degrees + dimension) * Math.log1p(square / degrees);
    }
}
