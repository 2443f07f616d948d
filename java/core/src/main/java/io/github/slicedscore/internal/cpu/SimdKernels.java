package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Kernels on the Vector API, over panels. Arrays that pieces and panels consist of are whole vectors long. */
final class SimdKernels extends Kernels {
    /** Between these a sum of squares in single precision is as good as its terms. */
    private static final double LEAST_SQUARE = 1e-25;

    private static final double MOST_SQUARE = 1e38;

    @Override
    String name() {
        return "simd-" + FLOATS.vectorBitSize();
    }

    @Override
    MlpBlock block(MlpShape shape) {
        return new SimdMlpBlock(shape);
    }

    @Override
    Scratch scratch(int widest, int rows) {
        return new SimdScratch(widest, rows);
    }

    @Override
    void adam(
            AdamUpdate update, float[] parameters, float[] gradients, float[] first, float[] second, float[] average) {
        float scale = update.gradientScale();
        float beta1 = update.beta1();
        float beta2 = update.beta2();
        float decay = update.averageDecay();
        for (int i = 0; i < parameters.length; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, gradients, i).mul(scale);
            FloatVector m = FloatVector.fromArray(FLOATS, first, i).mul(beta1).add(g.mul(1f - beta1));
            FloatVector v = FloatVector.fromArray(FLOATS, second, i)
                    .mul(beta2)
                    .add(g.mul(g).mul(1f - beta2));
            FloatVector p = FloatVector.fromArray(FLOATS, parameters, i);
            FloatVector root = v.mul(update.secondCorrection())
                    .lanewise(VectorOperators.SQRT)
                    .add(update.epsilon());
            p = p.mul(update.keep()).sub(m.mul(update.stepSize()).div(root));
            m.intoArray(first, i);
            v.intoArray(second, i);
            p.intoArray(parameters, i);
            if (decay > 0) {
                FloatVector.fromArray(FLOATS, average, i)
                        .mul(decay)
                        .add(p.mul(1f - decay))
                        .intoArray(average, i);
            }
        }
    }

    @Override
    double sumSquares(float[] x, int length) {
        double sum = sumSquares(x, 0, length);
        if (sum > LEAST_SQUARE && sum < MOST_SQUARE) {
            return sum;
        }
        // Squares may have left the range of single precision.
        double exact = 0;
        for (int i = 0; i < length; i++) {
            exact += (double) x[i] * x[i];
        }
        return exact;
    }

    /** The sum of squares of a number of vectors, an even one, in single precision. */
    static double sumSquares(float[] x, int from, int length) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = FloatVector.zero(FLOATS);
        for (int i = from; i < from + length; i += 2 * LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, x, i);
            FloatVector b = FloatVector.fromArray(FLOATS, x, i + LANES);
            even = a.fma(a, even);
            odd = b.fma(b, odd);
        }
        FloatVector both = even.add(odd);
        double sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += both.lane(lane);
        }
        return sum;
    }
}
