package io.github.slicedscore.data;

import io.github.slicedscore.math.Angles;
import io.github.slicedscore.math.Bessel;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * A circle of radius R about 0 in the plane, blurred by N(0, sigma^2 I):
 *
 * <pre>
 * p(x)     = exp(-(r^2 + R^2) / (2 sigma^2)) I0(k) / (2 pi sigma^2),      r = |x|,  k = r R / sigma^2
 * score(x) = (R I1(k) / I0(k) - r) / sigma^2 * x / r,                     0 at x = 0
 * </pre>
 *
 * <p>with the modified Bessel functions I0 and I1. The radius has Rice's distribution; unlike a radius that is normal itself,
 * it leaves the density smooth at 0. The columns' covariance is (R^2 / 2 + sigma^2) I.
 *
 * @param radius R, positive
 * @param deviation sigma, positive
 */
public record Ring(double radius, double deviation) implements ToyDistribution {
    /** Checks the ranges. */
    public Ring {
        ToyChecks.requirePositive("a ring's radius", radius);
        ToyChecks.requirePositive("a ring's deviation", deviation);
    }

    /**
     * A ring that is five times as far as wide.
     *
     * @return R = 2, sigma = 0.4
     */
    public static Ring standard() {
        return new Ring(2, 0.4);
    }

    /**
     * The distribution of x + sigma e, e ~ N(0, I): a ring again, with deviations that add in squares.
     *
     * @param sigma standard deviation of the noise, 0 or positive
     * @return the blurred distribution
     */
    public Ring noised(double sigma) {
        return new Ring(radius, Math.sqrt(deviation * deviation + ToyChecks.noiseVariance(sigma)));
    }

    @Override
    public String id() {
        return "ring";
    }

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public double logDensity(double[] x) {
        double r = Math.hypot(x[0], x[1]);
        double off = (r - radius) / deviation;
        // exp(k) goes into the square, so that nothing overflows on a thin ring
        return -0.5 * off * off
                + Bessel.logScaledI0(concentration(r))
                - Math.log(2 * Math.PI)
                - 2 * Math.log(deviation);
    }

    @Override
    public void score(double[] x, double[] into) {
        double r = Math.hypot(x[0], x[1]);
        if (r == 0) {
            Arrays.fill(into, 0, 2, 0);
            return;
        }
        double outward = (radius * Bessel.ratio(concentration(r)) - r) / (deviation * deviation);
        into[0] = outward * (x[0] / r);
        into[1] = outward * (x[1] / r);
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        double angle = 2 * Math.PI * philox.uniform(2);
        into[0] = radius * Angles.cos(angle) + deviation * philox.normal(0);
        into[1] = radius * Angles.sin(angle) + deviation * philox.normal(1);
    }

    /** k. */
    private double concentration(double r) {
        return r / deviation * (radius / deviation);
    }
}
