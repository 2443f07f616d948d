package io.github.slicedscore.math;

/** The logarithm of the gamma function in double precision. */
public final class LogGamma {
    private static final double HALF_LOG_TWO_PI = 0.9189385332046727;
    /** Above it the terms of Stirling's series that are left out are below 1e-16. */
    private static final double STIRLING_LIMIT = 15;

    /** B_2k / (2k (2k - 1)), k = 1 to 6. */
    private static final double[] STIRLING = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360
    };

    private LogGamma() {}

    /**
     * log Gamma(x), by Stirling's series (Abramowitz and Stegun 6.1.41) above 15, and below it from there downwards with
     * Gamma(x) = Gamma(x + 1) / x. Absolute error below 1e-14 times the larger of 1 and the result.
     *
     * @param x positive
     * @return log Gamma(x)
     * @throws IllegalArgumentException if x is not positive
     */
    public static double of(double x) {
        if (!(x > 0)) {
            throw new IllegalArgumentException("log Gamma is taken of positive numbers here, not of " + x);
        }
        double shifted = x;
        double product = 1;
        while (shifted < STIRLING_LIMIT) {
            product *= shifted;
            shifted++;
        }
        double series = 0;
        double power = 1 / shifted;
        for (double coefficient : STIRLING) {
            series += coefficient * power;
            power /= shifted * shifted;
        }
        return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series - Math.log(product);
    }
}
