package io.github.slicedscore.math;

/** Modified Bessel functions of the first kind, I0 and I1, scaled so that they neither overflow nor vanish. */
public final class Bessel {
    /** Above it the asymptotic series has terms below 1e-16 before they grow again, which they do at about 2x. */
    private static final double SERIES_LIMIT = 30;

    private static final double NEGLIGIBLE = 1e-17;

    private Bessel() {}

    /**
     * log(I0(x) e^-x), relative error of I0 below 1e-14.
     *
     * @param x 0 or positive
     * @return 0 at 0, falling towards -log(2 pi x)/2
     */
    public static double logScaledI0(double x) {
        return x < SERIES_LIMIT
                ? Math.log(series(x, 0)) - x
                : Math.log(asymptotic(x, 0)) - 0.5 * Math.log(2 * Math.PI * x);
    }

    /**
     * I1(x) / I0(x), relative error below 1e-14.
     *
     * @param x 0 or positive
     * @return 0 at 0, x/2 near 0, rising towards 1
     */
    public static double ratio(double x) {
        return x < SERIES_LIMIT ? x / 2 * series(x, 1) / series(x, 0) : asymptotic(x, 1) / asymptotic(x, 0);
    }

    /** (x/2)^-n I_n(x) = sum_k (x^2/4)^k / (k! (k + n)!), all terms positive (Abramowitz and Stegun 9.6.10), n = 0 or 1. */
    private static double series(double x, int order) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > NEGLIGIBLE * sum; k++) {
            term *= quarter / ((double) k * (k + order));
            sum += term;
        }
        return sum;
    }

    /** I_n(x) e^-x sqrt(2 pi x) = sum_k prod_{j=1..k} ((2j - 1)^2 - 4n^2) / (8 j x) (Abramowitz and Stegun 9.7.1). */
    private static double asymptotic(double x, int order) {
        double term = 1;
        double sum = 1;
        for (int j = 1; Math.abs(term) > NEGLIGIBLE; j++) {
            double odd = 2.0 * j - 1;
            term *= (odd * odd - 4.0 * order * order) / (8 * j * x);
            sum += term;
        }
        return sum;
    }
}
