package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials of numbers that are not positive: e^x = 2^n e^r with n the integer nearest to x / log 2 and |r| at most
 * log(2) / 2, e^r by its series. Made of basic operations alone, so that the numbers are the same on every machine with fused
 * multiply-add.
 *
 * <p>Below -42 they are 0, as e^x is less than 10^-18 of what it is added to. Products of two that are kept are normal numbers;
 * some processors take two hundred times as long for sums of others, and units of a network that are far from all data would
 * make nothing but these.
 */
final class SimdExp {
    private static final float LEAST = -42f;

    /** Where 2^n is 0, made of its bits. */
    private static final float GONE = -88f;

    private static final float LOG2_E = 1.44269504f;

    /** log 2 in two parts, the first of which has few enough bits for exact products with n. */
    private static final float LOG_2_HIGH = 0.693359375f;

    private static final float LOG_2_LOW = -2.12194440e-4f;

    /** 1.5 2^23: a number of moderate size added to it is rounded to an integer, which stands in the low bits. */
    private static final float ROUNDING = 12582912f;

    private static final int EXPONENT_BIT = 23;
    private static final int BITS_OF_ONE = 0x3f800000;

    private SimdExp() {}

    /** x[i] = e^x[i] for a number of vectors; relative error below 1.2e-7 down to -42. */
    static void exp(float[] x, int vectors) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector y = FloatVector.fromArray(FLOATS, x, i);
            y = y.blend(GONE, y.compare(VectorOperators.LT, LEAST));
            FloatVector shifted = y.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDING));
            FloatVector n = shifted.sub(ROUNDING);
            FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LOG_2_HIGH), y);
            r = n.fma(FloatVector.broadcast(FLOATS, -LOG_2_LOW), r);
            FloatVector p = FloatVector.broadcast(FLOATS, 1 / 720f);
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 120f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 24f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 6f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 2f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            IntVector bits = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_BIT);
            FloatVector scale = bits.add(BITS_OF_ONE).reinterpretAsFloats();
            scale.fma(p.mul(r), scale).intoArray(x, i);
        }
    }

    /** x[i] = e^x[i] and lessOne[i] = e^x[i] - 1; relative error below 2e-7 of either, near zero, too. */
    static void expm1(float[] x, float[] lessOne, int vectors) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector y = FloatVector.fromArray(FLOATS, x, i);
            y = y.blend(GONE, y.compare(VectorOperators.LT, LEAST));
            FloatVector shifted = y.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDING));
            FloatVector n = shifted.sub(ROUNDING);
            FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LOG_2_HIGH), y);
            r = n.fma(FloatVector.broadcast(FLOATS, -LOG_2_LOW), r);
            FloatVector p = FloatVector.broadcast(FLOATS, 1 / 5040f);
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 720f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 120f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 24f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 6f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1 / 2f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f)).mul(r);
            IntVector bits = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_BIT);
            FloatVector scale = bits.add(BITS_OF_ONE).reinterpretAsFloats();
            scale.fma(p, scale).intoArray(x, i);
            scale.fma(p, scale.sub(1f)).intoArray(lessOne, i);
        }
    }
}
