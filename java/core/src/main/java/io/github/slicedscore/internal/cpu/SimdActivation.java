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
 * <p>Exponentials are made in a loop of their own: beyond some tens of vector operations a loop is too much for the JVM's
 * compiler, which then leaves calls in it.
 */
final class SimdActivation {
    private static final float INVERSE_SQRT_TWO_PI = 0.39894228f;

    private SimdActivation() {}

    /**
     * a = act(z), and into rows of the scratch memory, a row for each sample, act'(z) and so on.
     *
     * @param activation which function
     * @param order how many derivatives, 1 to 3; others are undefined afterwards
     * @param z rows of panels
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
        float[] first = scratch.first;
        float[] second = scratch.second;
        float[] third = scratch.third;
        switch (activation) {
            case SOFTPLUS -> {
                exponentials(z, zo, stride, rows, third);
                softplus(order, z, zo, a, ao, stride, rows, first, second, third);
            }
            case TANH -> {
                exponentialsLessOne(z, zo, stride, rows, second, third);
                tanh(order, z, zo, a, ao, stride, rows, first, second, third);
            }
            case SILU -> {
                exponentials(z, zo, stride, rows, third);
                silu(order, z, zo, a, ao, stride, rows, first, second, third);
            }
            case GELU -> {
                gaussians(z, zo, stride, rows, third);
                gelu(order, z, zo, a, ao, stride, rows, first, second, third);
            }
            case SIGMOID -> {
                exponentials(z, zo, stride, rows, third);
                sigmoid(order, z, zo, a, ao, stride, rows, first, second, third);
            }
            case SIN -> {
                sines(z, zo, stride, rows, 0, third);
                sines(z, zo, stride, rows, 1, first);
                sin(order, a, ao, stride, rows, first, second, third);
            }
            case ELU -> elu(order, z, zo, a, ao, stride, rows, first, second, third);
            case RELU -> relu(order, z, zo, a, ao, stride, rows, first, second, third);
        }
    }

    /** Place of a vector: rows have two. */
    private static int at(int vector, int stride) {
        return (vector >> 1) * stride + (vector & 1) * LANES;
    }

    /** e^-|z|. */
    private static void exponentials(float[] z, int zo, int stride, int rows, float[] e) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride));
            SimdExp.exp(x.abs().neg()).intoArray(e, i * LANES);
        }
    }

    /** e^(-2|z|), and the same less one. */
    private static void exponentialsLessOne(float[] z, int zo, int stride, int rows, float[] e, float[] lessOne) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride));
            SimdExp.expm1(x.abs().mul(-2f), e, lessOne, i * LANES);
        }
    }

    /** e^(-z^2 / 2). */
    private static void gaussians(float[] z, int zo, int stride, int rows, float[] e) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = clamp(FloatVector.fromArray(FLOATS, z, zo + at(i, stride)), 13f);
            SimdExp.exp(x.mul(x).mul(-0.5f)).intoArray(e, i * LANES);
        }
    }

    /** sin(z + quarters pi / 2). */
    private static void sines(float[] z, int zo, int stride, int rows, int quarters, float[] s) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride));
            SimdSine.sine(x, quarters).intoArray(s, i * LANES);
        }
    }

    private static void softplus(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            // With e = e^-|x|: log(1 + e) = 2 artanh(w), w = e / (2 + e) <= 1/3; logistic functions 1 / (1 + e), e / (1 + e).
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector one = e.add(1f);
            FloatVector two = e.add(2f);
            FloatVector inverse = broadcast(1f).div(one.mul(two));
            FloatVector big = inverse.mul(two);
            FloatVector small = big.mul(e);
            FloatVector w = inverse.mul(one).mul(e);
            FloatVector u = w.mul(w);
            FloatVector p = broadcast(2 / 13f);
            p = p.fma(u, broadcast(2 / 11f));
            p = p.fma(u, broadcast(2 / 9f));
            p = p.fma(u, broadcast(2 / 7f));
            p = p.fma(u, broadcast(2 / 5f));
            p = p.fma(u, broadcast(2 / 3f));
            p = p.fma(u, broadcast(2f));
            w.fma(p, x.max(0f)).intoArray(a, ao + at);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector s = small.blend(big, positive);
            s.intoArray(d1, i * LANES);
            if (order > 1) {
                FloatVector d = small.mul(big);
                d.intoArray(d2, i * LANES);
                if (order > 2) {
                    d.mul(big.blend(small, positive).sub(s)).intoArray(d3, i * LANES);
                }
            }
        }
    }

    private static void tanh(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            // With e = e^(-2|x|): tanh |x| = (1 - e) / (1 + e), its derivative 4 e / (1 + e)^2.
            FloatVector e = FloatVector.fromArray(FLOATS, d2, i * LANES);
            FloatVector lessOne = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector inverse = broadcast(1f).div(e.add(1f));
            FloatVector t = withSign(lessOne.mul(inverse).neg(), FloatVector.fromArray(FLOATS, z, zo + at));
            FloatVector d = e.mul(inverse).mul(inverse).mul(4f);
            t.intoArray(a, ao + at);
            d.intoArray(d1, i * LANES);
            t.mul(d).mul(-2f).intoArray(d2, i * LANES);
            if (order > 2) {
                d.mul(t.mul(t).mul(6f).sub(2f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void silu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector y = clamp(x, 87f);
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector big = broadcast(1f).div(e.add(1f));
            FloatVector small = big.mul(e);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector s = small.blend(big, positive);
            FloatVector odd = big.blend(small, positive).sub(s);
            FloatVector d = small.mul(big);
            x.max(-87f).mul(s).intoArray(a, ao + at);
            y.fma(d, s).intoArray(d1, i * LANES);
            d.mul(y.mul(odd).add(2f)).intoArray(d2, i * LANES);
            if (order > 2) {
                FloatVector even = d.mul(-6f).add(1f);
                d.mul(y.fma(even, odd.mul(3f))).intoArray(d3, i * LANES);
            }
        }
    }

    private static void sigmoid(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector e = FloatVector.fromArray(FLOATS, d3, i * LANES);
            FloatVector big = broadcast(1f).div(e.add(1f));
            FloatVector small = big.mul(e);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector s = small.blend(big, positive);
            FloatVector d = small.mul(big);
            s.intoArray(a, ao + at);
            d.intoArray(d1, i * LANES);
            d.mul(big.blend(small, positive).sub(s)).intoArray(d2, i * LANES);
            if (order > 2) {
                d.mul(d.mul(-6f).add(1f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void gelu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            int at = at(i, stride);
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at);
            FloatVector y = clamp(x, 13f);
            FloatVector gaussian = FloatVector.fromArray(FLOATS, d3, i * LANES);
            // The tail of the normal distribution function by Abramowitz and Stegun 7.1.26, absolute error below 2e-7.
            FloatVector t = broadcast(1f).div(y.abs().mul(0.23164189f).add(1f));
            FloatVector p = broadcast(1.061405429f);
            p = p.fma(t, broadcast(-1.453152027f));
            p = p.fma(t, broadcast(1.421413741f));
            p = p.fma(t, broadcast(-0.284496736f));
            p = p.fma(t, broadcast(0.254829592f));
            FloatVector tail = p.mul(t).mul(gaussian).mul(0.5f);
            FloatVector probability = tail.blend(tail.neg().add(1f), x.compare(VectorOperators.GT, 0f));
            FloatVector density = gaussian.mul(INVERSE_SQRT_TWO_PI);
            x.max(-13f).mul(probability).intoArray(a, ao + at);
            y.fma(density, probability).intoArray(d1, i * LANES);
            FloatVector square = y.mul(y);
            density.mul(square.neg().add(2f)).intoArray(d2, i * LANES);
            if (order > 2) {
                density.mul(y).mul(square.sub(4f)).intoArray(d3, i * LANES);
            }
        }
    }

    private static void sin(
            int order, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector s = FloatVector.fromArray(FLOATS, d3, i * LANES);
            s.intoArray(a, ao + at(i, stride));
            s.neg().intoArray(d2, i * LANES);
            if (order > 2) {
                FloatVector.fromArray(FLOATS, d1, i * LANES).neg().intoArray(d3, i * LANES);
            }
        }
    }

    private static void elu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride));
            FloatVector below = SimdExp.expm1(x.min(0f));
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            FloatVector slope = below.add(1f);
            FloatVector curvature = slope.blend(0f, positive);
            x.max(0f).add(below).intoArray(a, ao + at(i, stride));
            slope.intoArray(d1, i * LANES);
            curvature.intoArray(d2, i * LANES);
            if (order > 2) {
                curvature.intoArray(d3, i * LANES);
            }
        }
    }

    private static void relu(
            int order, float[] z, int zo, float[] a, int ao, int stride, int rows, float[] d1, float[] d2, float[] d3) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < 2 * rows; i++) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, zo + at(i, stride));
            x.max(0f).intoArray(a, ao + at(i, stride));
            zero.blend(1f, x.compare(VectorOperators.GT, 0f)).intoArray(d1, i * LANES);
            zero.intoArray(d2, i * LANES);
            if (order > 2) {
                zero.intoArray(d3, i * LANES);
            }
        }
    }

    /** The nearest number between -limit and limit: beyond it functions are as flat as single precision can tell. */
    private static FloatVector clamp(FloatVector x, float limit) {
        return x.max(-limit).min(limit);
    }

    /** Numbers that are not negative with the signs of others. */
    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        IntVector bit = sign.reinterpretAsInts().and(Integer.MIN_VALUE);
        return magnitude.reinterpretAsInts().or(bit).reinterpretAsFloats();
    }

    private static FloatVector broadcast(float x) {
        return FloatVector.broadcast(FLOATS, x);
    }
}
