package io.github.slicedscore.math;

/**
 * {@link StrictMath}'s logarithm, sine and cosine where random numbers need them, bit for bit: the same operations in the same
 * order, without the call into native code that JVM 17 makes for each, or the allocation of newer ones, and without the branches
 * that random arguments take by chance. Both sides of such a branch are computed and one is selected by its bits; special cases
 * whose result the general case rounds to are left out.
 *
 * <p>After fdlibm, of which: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify,
 * and distribute this software is freely granted, provided that this notice is preserved.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Sun Microsystems. Freely distributable math library 5.3, e_log.c, k_sin.c, k_cos.c: the functions that StrictMath is
 *     specified by.</li>
 * </ol>
 */
final class Fdlibm {
    private static final double LN2_HIGH = 0x1.62e42feep-1;
    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

    private Fdlibm() {}

    /** The natural logarithm of a positive normal number. */
    static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        int high = (int) (bits >>> 32);
        int mantissa = high & 0xfffff;
        // x = 2^k (1 + f) with 1 + f from sqrt(1/2) to sqrt(2)
        int above = (mantissa + 0x95f64) & 0x100000;
        int k = (high >> 20) - 1023 + (above >> 20);
        double f = Double.longBitsToDouble((long) (mantissa | (above ^ 0x3ff00000)) << 32 | bits & 0xffffffffL) - 1.0;
        double dk = k;
        if ((0xfffff & (2 + mantissa)) < 3) {
            // |f| < 2^-20
            double r = f * f * (0.5 - 0.33333333333333333 * f);
            return f == 0 ? dk * LN2_HIGH + dk * LN2_LOW : k == 0 ? f - r : dk * LN2_HIGH - ((r - dk * LN2_LOW) - f);
        }
        double s = f / (2.0 + f);
        double z = s * s;
        double w = z * z;
        double even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
        double odd = z
                * (0x1.5555555555593p-1
                        + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
        double r = odd + even;
        double half = 0.5 * f * f;
        double far = half - (s * (half + r) + dk * LN2_LOW);
        double near = s * (f - r) - dk * LN2_LOW;
        // All ones where the difference is positive: where 1 + f is from 1.38 to 1.42, or from 0.69 to 0.71.
        int sign = -((mantissa - 0x6147a) | (0x6b851 - mantissa)) >> 31;
        return dk * LN2_HIGH - (select(sign, far, near) - f);
    }

    /** The one number where the mask is all ones, the other where it is zero. */
    static double select(long mask, double ones, double zeros) {
        return Double.longBitsToDouble(
                Double.doubleToRawLongBits(ones) & mask | Double.doubleToRawLongBits(zeros) & ~mask);
    }

    /** The sine of a number within a quarter of pi. */
    static double sin(double x) {
        double z = x * x;
        double r = 0x1.111111110f8a6p-7
                + z
                        * (-0x1.a01a019c161d5p-13
                                + z
                                        * (0x1.71de357b1fe7dp-19
                                                + z * (-0x1.ae5e68a2b9cebp-26 + z * 0x1.5d93a5acfd57cp-33)));
        return x + z * x * (-0x1.5555555555549p-3 + z * r);
    }

    /** The cosine of a number within a quarter of pi. */
    static double cos(double x) {
        int high = (int) (Double.doubleToRawLongBits(x) >>> 32) & 0x7fffffff;
        double z = x * x;
        double r = z
                * (0x1.555555555554cp-5
                        + z
                                * (-0x1.6c16c16c15177p-10
                                        + z
                                                * (0x1.a01a019cb159p-16
                                                        + z
                                                                * (-0x1.27e4f809c52adp-22
                                                                        + z
                                                                                * (0x1.1ee9ebdb4b1c4p-29
                                                                                        + z
                                                                                                * -0x1.8fae9be8838d4p-37)))));
        // A part of x^2 / 2 that is exact in the upper word goes first, so that less is lost; of small numbers, none.
        int upper = (high > 0x3fe90000 ? 0x3fd20000 : high - 0x00200000) & (0x3fd33332 - high) >> 31;
        double part = Double.longBitsToDouble((long) upper << 32);
        return (1.0 - part) - ((0.5 * z - part) - z * r);
    }
}
