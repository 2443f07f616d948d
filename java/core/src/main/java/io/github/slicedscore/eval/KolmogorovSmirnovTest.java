package io.github.slicedscore.eval;

import java.util.Arrays;

/**
 * The two-sample Kolmogorov-Smirnov test of one column: the largest distance of the empirical distribution functions,
 *
 * <pre>D = max over x of |F_1(x) - F_2(x)|,      p = Q(D (e + 0.12 + 0.11 / e)),      e = (n m / (n + m))^(1/2)
 * Q(t) = 2 sum over j &gt;= 1 of (-1)^(j-1) exp(-2 j^2 t^2)</pre>
 *
 * <p>Q is the limit for many rows; the terms beside e correct it for few. Equal values make p too large, never too small.
 *
 * <h2>References</h2>
 * <ol>
 * <li>N. Smirnov. Table for estimating the goodness of fit of empirical distributions. Annals of Mathematical Statistics
 *     1948.</li>
 * <li>M. Stephens. Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without extensive tables. JRSS B
 *     1970: the correction.</li>
 * </ol>
 */
public final class KolmogorovSmirnovTest {
    private KolmogorovSmirnovTest() {}

    /**
     * Tests two samples of one column.
     *
     * @param first at least one number
     * @param second at least one number
     * @return D and its p-value
     * @throws IllegalArgumentException if one is empty, or a number is NaN
     */
    public static TestResult test(double[] first, double[] second) {
        double[] x = sorted(first);
        double[] y = sorted(second);
        int i = 0;
        int j = 0;
        double largest = 0;
        while (i < x.length && j < y.length) {
            double next = Math.min(x[i], y[j]);
            while (i < x.length && x[i] <= next) {
                i++;
            }
            while (j < y.length && y[j] <= next) {
                j++;
            }
            largest = Math.max(largest, Math.abs((double) i / x.length - (double) j / y.length));
        }
        double effective = Math.sqrt((double) x.length * y.length / (x.length + y.length));
        return new TestResult(largest, tail(largest * (effective + 0.12 + 0.11 / effective)), x.length + y.length);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        // NaN is sorted to the end.
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("a sample is at least one number, and none of them NaN");
        }
        return sorted;
    }

    /** Q. Below 0.2 it is 1 to twelve digits, and its terms cancel. */
    static double tail(double t) {
        if (t < 0.2) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            double term = Math.exp(-2.0 * k * k * t * t);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18) {
                break;
            }
        }
        return Math.max(0, Math.min(1, 2 * sum));
    }
}
