package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.WIDTH;
import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import io.github.slicedscore.model.Activation;
import jdk.incubator.vector.FloatVector;

/** The element-wise stage of a panel, forward and reverse: the formulas of {@link MlpBlock}. */
final class SimdStage {
    private SimdStage() {}

    /**
     * From z-streams to a-streams and, in the place of z, b-streams.
     *
     * @param activation which function
     * @param jet streams
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
            float[] b,
            int bo,
            float[] a,
            int ao,
            int samples,
            SimdScratch scratch) {
        int stride = jet.streams() * WIDTH;
        int order = jet.second() ? 3 : jet.tangents() > 0 ? 2 : 1;
        SimdActivation.evaluate(activation, order, b, bo, a, ao, stride, samples, scratch);
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * stride + (i & 1) * LANES;
            FloatVector first = FloatVector.fromArray(FLOATS, scratch.first, i * LANES);
            if (order == 1) {
                first.intoArray(b, bo + at);
            } else if (order == 2) {
                jets(jet, first, FloatVector.fromArray(FLOATS, scratch.second, i * LANES), b, bo + at, a, ao + at);
            } else {
                FloatVector second = FloatVector.fromArray(FLOATS, scratch.second, i * LANES);
                FloatVector third = FloatVector.fromArray(FLOATS, scratch.third, i * LANES);
                jets(jet, first, second, third, b, bo + at, a, ao + at);
            }
        }
    }

    private static void jets(
            JetShape jet, FloatVector first, FloatVector second, float[] b, int bo, float[] a, int ao) {
        for (int m = 1; m <= jet.tangents(); m++) {
            FloatVector z1 = FloatVector.fromArray(FLOATS, b, bo + m * WIDTH);
            first.mul(z1).intoArray(a, ao + m * WIDTH);
            second.mul(z1).intoArray(b, bo + m * WIDTH);
        }
        first.intoArray(b, bo);
    }

    private static void jets(
            JetShape jet,
            FloatVector first,
            FloatVector second,
            FloatVector third,
            float[] b,
            int bo,
            float[] a,
            int ao) {
        int last = (jet.streams() - 1) * WIDTH;
        FloatVector z2 = FloatVector.fromArray(FLOATS, b, bo + last);
        FloatVector a2 = first.mul(z2);
        FloatVector b2 = second.mul(z2);
        for (int m = 1; m <= jet.tangents(); m++) {
            FloatVector z1 = FloatVector.fromArray(FLOATS, b, bo + m * WIDTH);
            FloatVector b1 = second.mul(z1);
            if (m <= jet.curved()) {
                a2 = b1.fma(z1, a2);
                b2 = third.mul(z1).fma(z1, b2);
            }
            first.mul(z1).intoArray(a, ao + m * WIDTH);
            b1.intoArray(b, bo + m * WIDTH);
        }
        a2.intoArray(a, ao + last);
        b2.intoArray(b, bo + last);
        first.intoArray(b, bo);
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
        int streams = jet.streams();
        int last = (streams - 1) * WIDTH;
        for (int i = 0; i < 2 * samples; i++) {
            int at = (i >> 1) * streams * WIDTH + (i & 1) * LANES;
            int bAt = bo + at;
            int oAt = oo + at;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt);
            FloatVector dz = FloatVector.fromArray(FLOATS, o, oAt).mul(b0);
            FloatVector twiceO2 = FloatVector.zero(FLOATS);
            if (jet.second()) {
                FloatVector o2 = FloatVector.fromArray(FLOATS, o, oAt + last);
                dz = o2.fma(FloatVector.fromArray(FLOATS, b, bAt + last), dz);
                o2.mul(b0).intoArray(b, bAt + last);
                twiceO2 = o2.add(o2);
            }
            for (int m = 1; m <= jet.tangents(); m++) {
                FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + m * WIDTH);
                FloatVector o1 = FloatVector.fromArray(FLOATS, o, oAt + m * WIDTH);
                dz = o1.fma(b1, dz);
                FloatVector dz1 = o1.mul(b0);
                if (m <= jet.curved()) {
                    dz1 = twiceO2.fma(b1, dz1);
                }
                dz1.intoArray(b, bAt + m * WIDTH);
            }
            dz.intoArray(b, bAt);
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
