package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;

/**
 * An {@link Activation} over a row of single-precision numbers: value and derivatives together, since they share their
 * exponentials. Only arithmetic, minimum, maximum and magnitude are used where exponentials occur, so that the numbers are
 * the same on every JVM and the loops run as vector instructions.
 */
final class ActivationFunction {
    private static final float INVERSE_SQRT_TWO_PI = 0.39894228f;
    /** e^42. */
    private static final float MOST = 1.7392749e18f;

    private static final double PI_HIGH = 0x1.921fb544p1;
    private static final double PI_LOW = 0x1.0b4611a626331p-33;

    private ActivationFunction() {}

    /**
     * value[i] = act(z[i]), first[i] = act'(z[i]) and so on, for i = 0 .. width-1.
     *
     * @param activation which function
     * @param z arguments
     * @param width how many
     * @param value where values go
     * @param first where first derivatives go
     * @param second where second derivatives go
     * @param third where third derivatives go
     */
    static void evaluate(
            Activation activation, float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        switch (activation) {
            case SOFTPLUS -> softplus(z, width, value, first, second, third);
            case TANH -> tanh(z, width, value, first, second, third);
            case SILU -> silu(z, width, value, first, second, third);
            case GELU -> gelu(z, width, value, first, second, third);
            case SIGMOID -> sigmoid(z, width, value, first, second, third);
            case SIN -> sin(z, width, value, first, second, third);
            case ELU -> elu(z, width, value, first, second, third);
            case RELU -> relu(z, width, value, first, second, third);
        }
    }

    private static void softplus(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        exponentials(z, width, third);
        for (int i = 0; i < width; i++) {
            // log(1 + 1/E) = 2 artanh(w), w = 1 / (2 E + 1) <= 1/3, by its series
            float w = kept(third[i]) / (2f * third[i] + 1f);
            float u = w * w;
            float p = 2 / 15f;
            p = p * u + 2 / 13f;
            p = p * u + 2 / 11f;
            p = p * u + 2 / 9f;
            p = p * u + 2 / 7f;
            p = p * u + 2 / 5f;
            p = p * u + 2 / 3f;
            p = p * u + 2f;
            value[i] = Math.max(z[i], 0f) + w * p;
        }
        logistic(z, third, width, first, second);
        for (int i = 0; i < width; i++) {
            float d = first[i] * second[i];
            third[i] = d * (second[i] - first[i]);
            second[i] = d;
        }
    }

    private static void tanh(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        for (int i = 0; i < width; i++) {
            // With d = e^(2|z|) - 1: tanh |z| = d / (d + 2), and 1 - tanh^2 = 4 (d + 1) / (d + 2)^2 without
            // cancellation.
            float d = expm1(Math.min(2f * Math.abs(z[i]), 40f));
            float sign = Math.max(-1f, Math.min(z[i] * 0x1p126f, 1f));
            float inverse = 1f / (d + 2f);
            value[i] = sign * d * inverse;
            first[i] = 4f * (d + 1f) * inverse * inverse;
        }
        for (int i = 0; i < width; i++) {
            float t = value[i];
            float d = first[i];
            second[i] = -2f * t * d;
            third[i] = d * (6f * t * t - 2f);
        }
    }

    private static void silu(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        exponentials(z, width, third);
        logistic(z, third, width, first, second);
        for (int i = 0; i < width; i++) {
            float x = clamp(z[i], 87f);
            float s = first[i];
            float odd = second[i] - s;
            float d = s * second[i];
            value[i] = Math.max(z[i], -87f) * s;
            first[i] = s + x * d;
            second[i] = d * (2f + x * odd);
            third[i] = d * (3f * odd + x * (1f - 6f * d));
        }
    }

    private static void sigmoid(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        exponentials(z, width, third);
        logistic(z, third, width, value, second);
        for (int i = 0; i < width; i++) {
            float d = value[i] * second[i];
            first[i] = d;
            second[i] = d * (second[i] - value[i]);
            third[i] = d * (1f - 6f * d);
        }
    }

    private static void gelu(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        for (int i = 0; i < width; i++) {
            float x = clamp(z[i], 13f);
            third[i] = 0.5f * x * x;
        }
        exponentials(third, width, second);
        for (int i = 0; i < width; i++) {
            float x = clamp(z[i], 13f);
            float gaussian = kept(second[i]) / second[i];
            // The tail of the normal distribution function by Abramowitz and Stegun 7.1.26, absolute error below 2e-7.
            float t = 1f / (1f + 0.23164189f * Math.abs(x));
            float p = 1.061405429f;
            p = p * t - 1.453152027f;
            p = p * t + 1.421413741f;
            p = p * t - 0.284496736f;
            p = p * t + 0.254829592f;
            float tail = 0.5f * p * t * gaussian;
            float above = above(x);
            first[i] = above + (1f - 2f * above) * tail;
            second[i] = INVERSE_SQRT_TWO_PI * gaussian;
        }
        for (int i = 0; i < width; i++) {
            float x = clamp(z[i], 13f);
            float density = second[i];
            value[i] = Math.max(z[i], -13f) * first[i];
            first[i] += x * density;
            second[i] = density * (2f - x * x);
            third[i] = density * x * (x * x - 4f);
        }
    }

    /** 1 above zero, 0 otherwise, NaN for NaN; right for infinite and denormal numbers, too. */
    private static float above(float x) {
        return Math.min(Math.max(x, 0f) * 0x1p127f * 0x1p127f, 1f);
    }

    /** 1 while e^|z| is at most e^42, then 0: see {@link SimdExp}. */
    static float kept(float exponential) {
        return Math.max(0f, Math.min(MOST - exponential, 1f));
    }

    /** The nearest number between -limit and limit: beyond it functions are as flat as single precision can tell. */
    private static float clamp(float x, float limit) {
        return Math.max(-limit, Math.min(x, limit));
    }

    /** exponential[i] = e^|z[i]|, |z| clamped at 87. */
    static void exponentials(float[] z, int width, float[] exponential) {
        for (int i = 0; i < width; i++) {
            exponential[i] = 1f + expm1(Math.min(Math.abs(z[i]), 87f));
        }
    }

    /**
     * e^x - 1: a short series at x / 1024, then ten times d = d^2 + 2 d. Unlike the usual way by exponent bits, compilers
     * turn loops of this into vector instructions. Relative error of e^x below |x| 5e-7, of e^x - 1 near zero 3e-7.
     */
    private static float expm1(float x) {
        float r = x * 0x1p-10f;
        float d = r * (1f + r * (0.5f + r * (1 / 6f + r * (1 / 24f))));
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        d = d * (d + 2f);
        return d * (d + 2f);
    }

    /**
     * s[i] = 1 / (1 + e^-z[i]) and t[i] = 1 - s[i], each to its own relative precision, from E = e^|z| without a branch.
     */
    private static void logistic(float[] z, float[] exponential, int width, float[] s, float[] t) {
        for (int i = 0; i < width; i++) {
            float inverse = 1f / (1f + exponential[i]);
            float small = kept(exponential[i]) * inverse;
            float difference = exponential[i] * inverse - small;
            float above = above(z[i]);
            s[i] = small + above * difference;
            t[i] = small + (1f - above) * difference;
        }
    }

    private static void sin(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        for (int i = 0; i < width; i++) {
            float s = (float) sine(z[i]);
            float c = (float) sine(z[i] + Math.PI / 2);
            value[i] = s;
            first[i] = c;
            second[i] = -s;
            third[i] = -c;
        }
    }

    private static void elu(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        for (int i = 0; i < width; i++) {
            float x = z[i];
            float below = expm1(Math.max(Math.min(x, 0f), -87f));
            float above = above(x);
            value[i] = Math.max(x, 0f) + below;
            first[i] = 1f + below;
            second[i] = (1f - above) * (1f + below);
            third[i] = second[i];
        }
    }

    private static void relu(float[] z, int width, float[] value, float[] first, float[] second, float[] third) {
        for (int i = 0; i < width; i++) {
            float x = z[i];
            value[i] = Math.max(x, 0f);
            first[i] = x > 0 ? 1f : 0f;
            second[i] = 0f;
            third[i] = 0f;
        }
    }

    /**
     * Sine: reduced by multiples of pi, then its series. Absolute error below 1e-9 for |x| below 1e6; beyond 1e14, where
     * neighbouring arguments are periods apart, any number from -1 to 1.
     */
    private static double sine(double x) {
        double n = Math.rint(x * (1 / Math.PI));
        double r = Math.max(-Math.PI / 2, Math.min(x - n * PI_HIGH - n * PI_LOW, Math.PI / 2));
        double u = r * r;
        double p = 1 / 6227020800.0;
        p = p * u - 1 / 39916800.0;
        p = p * u + 1 / 362880.0;
        p = p * u - 1 / 5040.0;
        p = p * u + 1 / 120.0;
        p = p * u - 1 / 6.0;
        double value = r + r * u * p;
        return ((long) n & 1) == 0 ? value : -value;
    }
}
