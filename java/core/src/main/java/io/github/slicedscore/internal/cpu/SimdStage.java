package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.WIDTH;
import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import io.github.slicedscore.model.Activation;
import jdk.incubator.vector.FloatVector;

/**
 * The element-wise stage of a panel, forward and reverse: the formulas of {@link MlpBlock}. No method takes or gives a vector,
 * see {@link SimdActivation}.
 */
final class SimdStage {
    private SimdStage() {}

    /**
     * From z-streams to a-streams and, in the place of z, b-streams.
     *
     * @param activation which function
     * @param jet streams
     * @param order how many derivatives of the activation are needed; without any, b is undefined afterwards
     * @param b rows of z
     * @param bo where the first sample's value stream begins
     * @param a where the rows of a go
     * @param ao where the first of them begins
     * @param samples number of samples
     * @param scratch memory of the calling thread
     */
    static void activate(
            Activation activation,
            JetShape jet,
            int order,
            float[] b,
            int bo,
            float[] a,
            int ao,
            int samples,
            SimdScratch scratch) {
        int stride = jet.streams() * WIDTH;
        SimdActivation.evaluate(activation, order, b, bo, a, ao, stride, samples, scratch);
        if (jet.second()) {
            curvature(jet, b, bo, a, ao, stride, samples, scratch);
        }
        for (int m = jet.curved() + 1; m <= jet.tangents(); m++) {
            tangents(b, bo, a, ao, m, stride, samples, scratch);
        }
    }

    /** a1_m = b0 z1_m, b1_m = act''(z) z1_m. */
    private static void tangents(
            float[] b, int bo, float[] a, int ao, int m, int stride, int samples, SimdScratch scratch) {
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * stride + (i & 1) * LANES;
            FloatVector z1 = FloatVector.fromArray(FLOATS, b, bo + at + m * WIDTH);
            FloatVector.fromArray(FLOATS, b, bo + at).mul(z1).intoArray(a, ao + at + m * WIDTH);
            FloatVector.fromArray(FLOATS, scratch.second, i * LANES).mul(z1).intoArray(b, bo + at + m * WIDTH);
        }
    }

    /** The same of curved tangents, and a2 = act''(z) sum_m z1_m^2 + b0 z2, b2 = act'''(z) sum_m z1_m^2 + act''(z) z2. */
    private static void curvature(
            JetShape jet, float[] b, int bo, float[] a, int ao, int stride, int samples, SimdScratch scratch) {
        int last = stride - WIDTH;
        int curvedEnd = (1 + jet.curved()) * WIDTH;
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * stride + (i & 1) * LANES;
            FloatVector first = FloatVector.fromArray(FLOATS, b, bo + at);
            FloatVector second = FloatVector.fromArray(FLOATS, scratch.second, i * LANES);
            FloatVector squares = FloatVector.zero(FLOATS);
            for (int m = WIDTH; m < curvedEnd; m += WIDTH) {
                FloatVector z1 = FloatVector.fromArray(FLOATS, b, bo + at + m);
                squares = z1.fma(z1, squares);
                first.mul(z1).intoArray(a, ao + at + m);
                second.mul(z1).intoArray(b, bo + at + m);
            }
            FloatVector z2 = FloatVector.fromArray(FLOATS, b, bo + at + last);
            FloatVector third = FloatVector.fromArray(FLOATS, scratch.third, i * LANES);
            second.fma(squares, first.mul(z2)).intoArray(a, ao + at + last);
            third.fma(squares, second.mul(z2)).intoArray(b, bo + at + last);
        }
    }

    /**
     * From adjoints of a-streams and b-streams to adjoints of z-streams, in the place of b.
     *
     * @param jet streams
     * @param b rows of b
     * @param bo where the first sample's value stream begins
     * @param o rows of adjoints
     * @param oo where the first of them begins
     * @param samples number of samples
     */
    static void deactivate(JetShape jet, float[] b, int bo, float[] o, int oo, int samples) {
        if (jet.second()) {
            deactivateSecond(jet, b, bo, o, oo, samples);
        } else {
            deactivateFirst(jet, b, bo, o, oo, samples);
        }
    }

    private static void deactivateFirst(JetShape jet, float[] b, int bo, float[] o, int oo, int samples) {
        int stride = jet.streams() * WIDTH;
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * stride + (i & 1) * LANES;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bo + at);
            FloatVector dz = FloatVector.fromArray(FLOATS, o, oo + at).mul(b0);
            for (int m = WIDTH; m < stride; m += WIDTH) {
                FloatVector b1 = FloatVector.fromArray(FLOATS, b, bo + at + m);
                FloatVector o1 = FloatVector.fromArray(FLOATS, o, oo + at + m);
                dz = o1.fma(b1, dz);
                o1.mul(b0).intoArray(b, bo + at + m);
            }
            dz.intoArray(b, bo + at);
        }
    }

    private static void deactivateSecond(JetShape jet, float[] b, int bo, float[] o, int oo, int samples) {
        int stride = jet.streams() * WIDTH;
        int last = stride - WIDTH;
        int curvedEnd = (1 + jet.curved()) * WIDTH;
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * stride + (i & 1) * LANES;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bo + at);
            FloatVector o2 = FloatVector.fromArray(FLOATS, o, oo + at + last);
            FloatVector dz = FloatVector.fromArray(FLOATS, o, oo + at).mul(b0);
            dz = o2.fma(FloatVector.fromArray(FLOATS, b, bo + at + last), dz);
            o2.mul(b0).intoArray(b, bo + at + last);
            FloatVector twiceO2 = o2.add(o2);
            for (int m = WIDTH; m < curvedEnd; m += WIDTH) {
                FloatVector b1 = FloatVector.fromArray(FLOATS, b, bo + at + m);
                FloatVector o1 = FloatVector.fromArray(FLOATS, o, oo + at + m);
                dz = o1.fma(b1, dz);
                twiceO2.fma(b1, o1.mul(b0)).intoArray(b, bo + at + m);
            }
            for (int m = curvedEnd; m < last; m += WIDTH) {
                FloatVector b1 = FloatVector.fromArray(FLOATS, b, bo + at + m);
                FloatVector o1 = FloatVector.fromArray(FLOATS, o, oo + at + m);
                dz = o1.fma(b1, dz);
                o1.mul(b0).intoArray(b, bo + at + m);
            }
            dz.intoArray(b, bo + at);
        }
    }

    /** to += what, rows of panels. */
    static void add(float[] what, int wo, float[] to, int at, int rows) {
        for (int i = 0; i < rows * WIDTH; i += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, to, at + i);
            sum.add(FloatVector.fromArray(FLOATS, what, wo + i)).intoArray(to, at + i);
        }
    }
}
