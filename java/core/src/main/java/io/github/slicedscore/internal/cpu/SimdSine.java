package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sine and cosine: reduced by multiples of pi / 2, then their series. Absolute error below 2e-7 for |x| below 1e4, growing with |x|
 * from there; beyond 1e7, where neighbouring arguments are periods apart, any number from -1 to 1.
 */
final class SimdSine {
    /** 1.5 2^23, as in {@link SimdExp}. */
    private static final float ROUNDING = 12582912f;

    /** pi / 2 in three parts. */
    private static final float HALF_PI_HIGH = 1.5707964f;

    private static final float HALF_PI_MIDDLE = -4.371139e-8f;
    private static final float HALF_PI_LOW = -1.7151245e-15f;

    private SimdSine() {}

    /** sin(x + quarters pi / 2). */
    static FloatVector sine(FloatVector x, int quarters) {
        FloatVector shifted = x.fma(broadcast((float) (2 / Math.PI)), broadcast(ROUNDING));
        FloatVector n = shifted.sub(ROUNDING);
        FloatVector r = n.fma(broadcast(-HALF_PI_HIGH), x);
        r = n.fma(broadcast(-HALF_PI_MIDDLE), r);
        r = n.fma(broadcast(-HALF_PI_LOW), r);
        r = r.max(-1f).min(1f);
        FloatVector u = r.mul(r);
        IntVector quadrant = shifted.reinterpretAsInts().add(quarters);
        FloatVector even = sineSeries(r, u);
        FloatVector odd = cosineSeries(u);
        FloatVector value =
                even.blend(odd, quadrant.and(1).compare(VectorOperators.EQ, 1).cast(FLOATS));
        // The second bit of the quadrant becomes the sign.
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        return value.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    private static FloatVector sineSeries(FloatVector r, FloatVector u) {
        FloatVector p = broadcast(1 / 362880f);
        p = p.fma(u, broadcast(-1 / 5040f));
        p = p.fma(u, broadcast(1 / 120f));
        p = p.fma(u, broadcast(-1 / 6f));
        return r.mul(u).fma(p, r);
    }

    private static FloatVector cosineSeries(FloatVector u) {
        FloatVector p = broadcast(-1 / 3628800f);
        p = p.fma(u, broadcast(1 / 40320f));
        p = p.fma(u, broadcast(-1 / 720f));
        p = p.fma(u, broadcast(1 / 24f));
        p = p.fma(u, broadcast(-1 / 2f));
        return p.fma(u, broadcast(1f));
    }

    private static FloatVector broadcast(float x) {
        return FloatVector.broadcast(FLOATS, x);
    }
}
