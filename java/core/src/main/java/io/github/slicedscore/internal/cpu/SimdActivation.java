package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import io.github.slicedscore.model.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * An {@link Activation} over a panel's value rows: values and as many derivatives as are asked for, since they share their
 * exponentials. Not a number stays not a number.
 *
 * <p>No method takes or gives a vector, and no loop is long: the JVM's compiler gives up inlining beyond some tens of vector
 * operations, or where a method was compiled before, and a vector that passes through a call that remains becomes an object on the
 * heap.
 */
final class SimdActivation {
    private static final float INVERSE_SQRT_TWO_PI = 0.39894228f;

    /** Beyond these magnitudes functions are as flat as single precision can tell. */
    private static final float FLAT_LOGISTIC = 87f;

    private static final float FLAT_GELU = 13f;

    private SimdActivation() {}

    /**
     * a = act(z); act'(z) in the place of z; further derivatives into rows of the scratch memory, a row for each sample.
     *
     * @param activation which function
     * @param order how many derivatives, 0 to 3; others are undefined afterwards
     * @param z rows of panels; overwritten
     * @param zo where the first row begins
     * @param a where values go
     * @param ao where the first row of values begins
     * @param stride from one row to the next
     * @param rows number of rows
     * @param scratch takes the derivatives
     */
    static void evaluate(
            Activation activation,
            int order,
            float[] z,
            int zo,
            float[] a,
            int ao,
            int stride,
            int rows,
            SimdScratch scratch) {
        float[] second = scratch.second;
        float[] third = scratch.third;
        switch (activation) {
            case SOFTPLUS -> {
                negativeMagnitudes(1f, z, zo, stride, rows, third);
                SimdExp.exp(third, 2 * rows);
                softplus(order, z, zo, a, ao, stride, rows, second, third);
            }
            case TANH -> {
                negativeMagnitudes(2f, z, zo, stride, rows, second);
                SimdExp.expm1(second, third, 2 * rows);
                tanh(order, z, zo, a, ao, stride, rows, second, third);
            }
            case SILU -> {
                negativeMagnitudes(1f, z, zo, stride, rows, third);
                SimdExp.exp(third, 2 * rows);
                silu(order, z, zo, a, ao, stride, rows, second, third);
            }
            case GELU -> {
                negativeHalfSquares(z, zo, stride, rows, third);
                SimdExp.exp(third, 2 * rows);
                gelu(order, z, zo, a, ao, stride, rows, second, third);
            }
            case SIGMOID -> {
                negativeMagnitudes(1f, z, zo, stride, rows, third);
                SimdExp.exp(third, 2 * rows);
                sigmoid(order, z, zo, a, ao, stride, rows, second, third);
            }
            case SIN -> {
                copy(z, zo, stride, rows, second);
                SimdSine.sine(second, 0, third, 2 * rows);
                SimdSine.sine(second, 1, second, 2 * rows);
                sin(order, z, zo, a, ao, stride, rows, second, third);
            }
            case ELU -> {
                negativeParts(z, zo, stride, rows, second);
                SimdExp.expm1(second, third, 2 * rows);
                elu(order, z, zo, a, ao, stride, rows, second, third);
            }
            case RELU -> relu(order, z, zo, a, ao, stride, rows, second, third);
        }
    }

    /** Place of a vector: rows have two. */
    private static int at(int vector, int stride) {
        return (vector >> 1) * stride + (vector & 1) * LANES;
    }

    /** -factor |z|. */
    private static void negativeMagnitudes(float factor, float[] z, int zo, int stride, int rows, float[] to) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector.fromArray(FLOATS, z, zo + at(i, stride))
                    .abs()
                    .mul(-factor)
                    .intoArray(to, i * LANES);
        }
    }

    /** -z^2 / 2. */
    private static void negativeHalfSquares(float[] z, int zo, int stride, int rows, float[] to) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride))
                    .max(-FLAT_GELU)
                    .min(FLAT_GELU);
            x.mul(x).mul(-0.5f).intoArray(to, i * LANES);
        }
    }

    /** min(z, 0). */
    private static void negativeParts(float[] z, int zo, int stride, int rows, float[] to) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector.fromArray(FLOATS, z, zo + at(i, stride)).min(0f).intoArray(to, i * LANES);
        }
    }

    private static void copy(float[] z, int zo, int stride, int rows, float[] to) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector.fromArray(FLOATS, z, zo + at(i, stride)).intoArray(to, i * LANES);
        }
    }

    private static void softplus(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            // With e = e^-|x|: log(1 + e) = 2 artanh(w), w = e / (2 + e) <= 1/3,
            // and the logistic functions 1 / (1 + e) and e / (1 + e).
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector one = e.add(1f);
            FloatVector two = e.add(2f);
            FloatVector inverse = FloatVector.broadcast(FLOATS, 1f).div(one.mul(two));
            FloatVector big = inverse.mul(two);
            FloatVector small = big.mul(e);
            FloatVector w = inverse.mul(one).mul(e);
            FloatVector u = w.mul(w);
            FloatVector p = FloatVector.broadcast(FLOATS, 2 / 13f);
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2 / 11f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2 / 9f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2 / 7f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2 / 5f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2 / 3f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2f));
            w.fma(p, x.max(0f)).intoArray(a, ao + at);
            if (order > 0) {
                VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
                FloatVector s = small.blend(big, positive);
                s.intoArray(z, zo + at);
                FloatVector d = small.mul(big);
                d.intoArray(d2, i * LANES);
                if (order > 2) {
                    d.mul(big.blend(small, positive).sub(s)).intoArray(d3, i * LANES);
                }
            }
        }
    }

    private static void tanh(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            // With e = e^(-2|x|): tanh |x| = (1 - e) / (1 + e), its derivative 4 e / (1 + e)^2.
            FloatVector e = FloatVector.fromArray(FLOATS, d2, i * LANES);
            FloatVector lessOne = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector inverse = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector magnitude = lessOne.mul(inverse).neg();
            IntVector sign = FloatVector.fromArray(FLOATS, z, zo + at)
                    .reinterpretAsInts()
                    .and(Integer.MIN_VALUE);
            FloatVector t = magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
            FloatVector d = e.mul(inverse).mul(inverse).mul(4f);
            t.intoArray(a, ao + at);
            d.intoArray(z, zo + at);
            t.mul(d).mul(-2f).intoArray(d2, i * LANES);
            if (order > 2) {
                d.mul(t.mul(t).mul(6f).sub(2f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void silu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector y = x.max(-FLAT_LOGISTIC).min(FLAT_LOGISTIC);
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector big = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector small = big.mul(e);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector s = small.blend(big, positive);
            FloatVector odd = big.blend(small, positive).sub(s);
            FloatVector d = small.mul(big);
            x.max(-FLAT_LOGISTIC).mul(s).intoArray(a, ao + at);
            y.fma(d, s).intoArray(z, zo + at);
            d.mul(y.mul(odd).add(2f)).intoArray(d2, i * LANES);
            if (order > 2) {
                FloatVector even = d.mul(-6f).add(1f);
                d.mul(y.fma(even, odd.mul(3f))).intoArray(d3, i * LANES);
            }
        }
    }

    private static void sigmoid(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector big = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector small = big.mul(e);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector s = small.blend(big, positive);
            FloatVector d = small.mul(big);
            s.intoArray(a, ao + at);
            d.intoArray(z, zo + at);
            d.mul(big.blend(small, positive).sub(s)).intoArray(d2, i * LANES);
            if (order > 2) {
                d.mul(d.mul(-6f).add(1f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void gelu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector y = x.max(-FLAT_GELU).min(FLAT_GELU);
            FloatVector gaussian = FloatVector.fromArray(FLOATS, d3, i * LANES);
            // The tail of the normal distribution function by Abramowitz and Stegun 7.1.26, absolute error below 2e-7.
            FloatVector t = FloatVector.broadcast(FLOATS, 1f)
                    .div(y.abs().mul(0.23164189f).add(1f));
            FloatVector p = FloatVector.broadcast(FLOATS, 1.061405429f);
            p = p.fma(t, FloatVector.broadcast(FLOATS, -1.453152027f));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 1.421413741f));
            p = p.fma(t, FloatVector.broadcast(FLOATS, -0.284496736f));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 0.254829592f));
            FloatVector tail = p.mul(t).mul(gaussian).mul(0.5f);
            FloatVector probability = tail.blend(tail.neg().add(1f), x.compare(VectorOperators.GT, 0f));
            FloatVector density = gaussian.mul(INVERSE_SQRT_TWO_PI);
            x.max(-FLAT_GELU).mul(probability).intoArray(a, ao + at);
            y.fma(density, probability).intoArray(z, zo + at);
            FloatVector square = y.mul(y);
            density.mul(square.neg().add(2f)).intoArray(d2, i * LANES);
            if (order > 2) {
                density.mul(y).mul(square.sub(4f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void sin(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector cosine = FloatVector.fromArray(FLOATS, d2, i * LANES);
            FloatVector sine = FloatVector.fromArray(FLOATS, d3, i * LANES);
            sine.intoArray(a, ao + at);
            cosine.intoArray(z, zo + at);
            sine.neg().intoArray(d2, i * LANES);
            if (order > 2) {
                cosine.neg().intoArray(d3, i * LANES);
            }
        }
    }

    private static void elu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector slope = FloatVector.fromArray(FLOATS, d2, i * LANES);
            x.max(0f).add(FloatVector.fromArray(FLOATS, d3, i * LANES)).intoArray(a, ao + at);
            slope.intoArray(z, zo + at);
            FloatVector curvature = slope.blend(0f, x.compare(VectorOperators.GT, 0f));
            curvature.intoArray(d2, i * LANES);
            if (order > 2) {
                curvature.intoArray(d3, i * LANES);
            }
        }
    }

    private static void relu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d2, float[] d3) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            x.max(0f).intoArray(a, ao + at);
            zero.blend(1f, x.compare(VectorOperators.GT, 0f)).intoArray(z, zo + at);
            zero.intoArray(d2, i * LANES);
            if (order > 2) {
                zero.intoArray(d3, i * LANES);
            }
        }
    }
}
