package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials of numbers that are not positive: e^x = 2^n e^r with n the integer nearest to x / log 2 and |r| at most
 * log(2) / 2, e^r by its series. Made of basic operations alone, so that the numbers are the same on every machine with fused
 * multiply-add.
 */
final class SimdExp {
    private static final float LOG2_E = 1.44269504f;
    private static final float LOG_2_HIGH = 0.693359375f;
    private static final float LOG_2_LOW = -2.12194440e-4f;

    /** 1.5 2^23: a number of moderate size added to it is rounded to an integer, which stands in the low bits. */
    private static final float ROUNDING = 12582912f;

    /** Below it e^x is not a normal number. */
    private static final float LOWEST = -87f;

    private SimdExp() {}

    /** e^x for x from minus infinity, clamped at -87, to 0; relative error below 1.2e-7. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.max(LOWEST);
        FloatVector shifted = y.fma(broadcast(LOG2_E), broadcast(ROUNDING));
        FloatVector r = remainder(y, shifted.sub(ROUNDING));
        return scale(shifted).mul(r.mul(series(r)).add(1f));
    }

    /** e^x - 1 in the same range; relative error below 2e-7, near zero, too. */
    static FloatVector expm1(FloatVector x) {
        FloatVector y = x.max(LOWEST);
        FloatVector shifted = y.fma(broadcast(LOG2_E), broadcast(ROUNDING));
        FloatVector r = remainder(y, shifted.sub(ROUNDING));
        FloatVector scale = scale(shifted);
        return scale.fma(r.mul(series(r)), scale.sub(1f));
    }

    /** Writes e^x and e^x - 1, each to its own relative precision. */
    static void expm1(FloatVector x, float[] e, float[] lessOne, int at) {
        FloatVector y = x.max(LOWEST);
        FloatVector shifted = y.fma(broadcast(LOG2_E), broadcast(ROUNDING));
        FloatVector r = remainder(y, shifted.sub(ROUNDING));
        FloatVector scale = scale(shifted);
        FloatVector rest = r.mul(series(r));
        scale.fma(rest, scale).intoArray(e, at);
        scale.fma(rest, scale.sub(1f)).intoArray(lessOne, at);
    }

    private static FloatVector remainder(FloatVector x, FloatVector n) {
        FloatVector rest = n.fma(broadcast(-LOG_2_HIGH), x);
        return n.fma(broadcast(-LOG_2_LOW), rest);
    }

    /** 2^n from the bits of n plus {@link #ROUNDING}. */
    private static FloatVector scale(FloatVector shifted) {
        IntVector bits = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return bits.add(0x3f800000).reinterpretAsFloats();
    }

    /** (e^r - 1) / r. */
    private static FloatVector series(FloatVector r) {
        FloatVector p = broadcast(1 / 5040f);
        p = p.fma(r, broadcast(1 / 720f));
        p = p.fma(r, broadcast(1 / 120f));
        p = p.fma(r, broadcast(1 / 24f));
        p = p.fma(r, broadcast(1 / 6f));
        p = p.fma(r, broadcast(1 / 2f));
        return p.fma(r, broadcast(1f));
    }

    private static FloatVector broadcast(float x) {
        return FloatVector.broadcast(FLOATS, x);
    }
}
