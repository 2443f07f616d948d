package io.github.slicedscore.eval;

/** A radial kernel k(x, y) = phi(|x - y|^2) of the {@link SteinTest}, with the derivatives of phi that it needs. */
public sealed interface SteinKernel {
    /**
     * The kernel at a squared distance.
     *
     * @param square r^2 = |x - y|^2
     * @param into where phi, phi' and phi'' go, derivatives with respect to r^2; length 3
     */
    void evaluate(double square, double[] into);

    /**
     * The kernel for given points: what is left open is settled by them.
     *
     * @param points [count, dimension] row-major
     * @param dimension length of a point
     * @return a kernel that can be evaluated
     */
    default SteinKernel settle(double[] points, int dimension) {
        return this;
    }

    /**
     * The inverse multiquadric
     *
     * <pre>phi(r^2) = (c^2 + r^2)^b</pre>
     *
     * <p>Its slow decay makes the Stein discrepancy detect samples that do not converge in any dimension, which a Gaussian
     * kernel's does from dimension 3 on no longer (Gorham and Mackey 2017, theorems 6 and 8).
     *
     * @param scale c, positive, in the units of the points
     * @param exponent b, above -1 and below 0
     */
    record InverseMultiquadric(double scale, double exponent) implements SteinKernel {
        /** Checks the ranges. */
        public InverseMultiquadric {
            if (!(scale > 0) || Double.isInfinite(scale)) {
                throw new IllegalArgumentException(
                        "the scale of an inverse multiquadric is a positive number, not " + scale);
            }
            if (!(exponent > -1 && exponent < 0)) {
                throw new IllegalArgumentException(
                        "the exponent of an inverse multiquadric is above -1 and below 0, not " + exponent);
            }
        }

        @Override
        public void evaluate(double square, double[] into) {
            double base = scale * scale + square;
            double power = exponent == -0.5 ? 1 / Math.sqrt(base) : Math.pow(base, exponent);
            into[0] = power;
            into[1] = exponent * power / base;
            into[2] = (exponent - 1) * into[1] / base;
        }
    }

    /**
     * The Gaussian kernel
     *
     * <pre>phi(r^2) = exp(-r^2 / (2 h^2))</pre>
     *
     * @param bandwidth h, in the units of the points; 0 for the median distance between the points
     */
    record RadialBasis(double bandwidth) implements SteinKernel {
        /** Checks the bandwidth. */
        public RadialBasis {
            if (!(bandwidth >= 0) || Double.isInfinite(bandwidth)) {
                throw new IllegalArgumentException(
                        "a bandwidth is a positive number, or 0 for the median distance, not " + bandwidth);
            }
        }

        @Override
        public SteinKernel settle(double[] points, int dimension) {
            return bandwidth > 0
                    ? this
                    : new RadialBasis(Points.medianDistance(points, points.length / dimension, dimension));
        }

        @Override
        public void evaluate(double square, double[] into) {
            double precision = 1 / (bandwidth * bandwidth);
            into[0] = Math.exp(-0.5 * precision * square);
            into[1] = -0.5 * precision * into[0];
            into[2] = -0.5 * precision * into[1];
        }
    }
}
