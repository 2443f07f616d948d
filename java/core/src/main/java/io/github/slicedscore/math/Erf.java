package io.github.slicedscore.math;

/** The error function in double precision. */
public final class Erf {
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double SERIES_LIMIT = 3.0;
    private static final int FRACTION_TERMS = 60;

    private Erf() {}

    /**
     * erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.
     *
     * <p>Below |x| = 3 the series 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!! (all terms positive, no cancellation;
     * Abramowitz and Stegun 7.1.6), above it the continued fraction of erfc (7.1.14). Absolute error below 1e-15.
     *
     * @param x any number
     * @return erf(x), between -1 and 1
     */
    public static double erf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude < SERIES_LIMIT) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
        }
        if (magnitude > 6) {
            return Math.signum(x);
        }
        double fraction = 0;
        for (int n = FRACTION_TERMS; n >= 1; n--) {
            fraction = n / 2.0 / (magnitude + fraction);
        }
        double erfc = TWO_OVER_SQRT_PI / 2 * Math.exp(-x * x) / (magnitude + fraction);
        return Math.signum(x) * (1 - erfc);
    }
}
