package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

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

    /** y[i] = sin(x[i] + quarters pi / 2) for a number of vectors. */
    static void sine(float[] x, int quarters, float[] y, int vectors) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector angle = FloatVector.fromArray(FLOATS, x, i);
            FloatVector shifted = angle.fma(
                    FloatVector.broadcast(FLOATS, (float) (2 / Math.PI)), FloatVector.broadcast(FLOATS, ROUNDING));
            FloatVector n = shifted.sub(ROUNDING);
            FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -HALF_PI_HIGH), angle);
            r = n.fma(FloatVector.broadcast(FLOATS, -HALF_PI_MIDDLE), r);
            r = n.fma(FloatVector.broadcast(FLOATS, -HALF_PI_LOW), r);
            r = r.max(-1f).min(1f);
            FloatVector u = r.mul(r);

            FloatVector sine = FloatVector.broadcast(FLOATS, 1 / 362880f);
            sine = sine.fma(u, FloatVector.broadcast(FLOATS, -1 / 5040f));
            sine = sine.fma(u, FloatVector.broadcast(FLOATS, 1 / 120f));
            sine = sine.fma(u, FloatVector.broadcast(FLOATS, -1 / 6f));
            sine = r.mul(u).fma(sine, r);

            FloatVector cosine = FloatVector.broadcast(FLOATS, 1 / 40320f);
            cosine = cosine.fma(u, FloatVector.broadcast(FLOATS, -1 / 720f));
            cosine = cosine.fma(u, FloatVector.broadcast(FLOATS, 1 / 24f));
            cosine = cosine.fma(u, FloatVector.broadcast(FLOATS, -1 / 2f));
            cosine = cosine.fma(u, FloatVector.broadcast(FLOATS, 1f));

            // The lowest bit of the quadrant chooses between the two, the next one is the sign.
            IntVector quadrant = shifted.reinterpretAsInts().add(quarters);
            IntVector odd = quadrant.lanewise(VectorOperators.LSHL, 31).lanewise(VectorOperators.ASHR, 31);
            IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
            IntVector ofSine = sine.reinterpretAsInts().lanewise(VectorOperators.AND_NOT, odd);
            IntVector ofCosine = cosine.reinterpretAsInts().and(odd);
            ofSine.or(ofCosine)
                    .lanewise(VectorOperators.XOR, sign)
                    .reinterpretAsFloats()
                    .intoArray(y, i);
        }
    }
}
