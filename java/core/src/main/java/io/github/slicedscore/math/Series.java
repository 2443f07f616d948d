package io.github.slicedscore.math;

/**
 * Logarithm, sine and cosine for random numbers: by their series in double precision, so that the numbers are the same on every
 * JVM, without a branch that random arguments would take by chance, and without the calls that {@link StrictMath} costs.
 */
final class Series {
    private static final double LOG_2 = 0.6931471805599453;
    private static final long FRACTION = (1L << 52) - 1;
    private static final long BITS_OF_ONE = 0x3ff0000000000000L;

    /** Of the fraction bits of the square root of two: numbers above are halved. */
    private static final long ROOT_OF_TWO = 0x6a09e667f3bcdL;

    private Series() {}

    /**
     * The natural logarithm of a positive normal number, to a relative error of 1e-14: x = 2^k m with m between the square
     * roots of 1/2 and 2, and log m = 2 artanh(s) with s = (m - 1) / (m + 1), |s| below 0.172.
     */
    static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        long fraction = bits & FRACTION;
        long halved = (ROOT_OF_TWO - fraction) >>> 63;
        double m = Double.longBitsToDouble(fraction | (BITS_OF_ONE - (halved << 52)));
        long k = (bits >>> 52) - 1023 + halved;
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double w = z * z;
        // Even and odd terms apart: two short chains instead of a long one.
        double even = 1 + w * (1 / 5.0 + w * (1 / 9.0 + w * (1 / 13.0 + w * (1 / 17.0))));
        double odd = 1 / 3.0 + w * (1 / 7.0 + w * (1 / 11.0 + w * (1 / 15.0 + w * (1 / 19.0))));
        return k * LOG_2 + 2 * s * (even + z * odd);
    }

    /** The sine of a number within a quarter of pi, to an error of 1e-15. */
    static double sin(double x) {
        double z = x * x;
        double w = z * z;
        double even = 1 + w * (1 / 120.0 + w * (1 / 362880.0 + w * (1 / 6227020800.0)));
        double odd = 1 / 6.0 + w * (1 / 5040.0 + w * (1 / 39916800.0 + w * (1 / 1307674368000.0)));
        return x * (even - z * odd);
    }

    /** The cosine of a number within a quarter of pi, to an error of 1e-15. */
    static double cos(double x) {
        double z = x * x;
        double w = z * z;
        double even = 1 + w * (1 / 24.0 + w * (1 / 40320.0 + w * (1 / 479001600.0 + w * (1 / 20922789888000.0))));
        double odd = 1 / 2.0 + w * (1 / 720.0 + w * (1 / 3628800.0 + w * (1 / 87178291200.0)));
        return even - z * odd;
    }
}
