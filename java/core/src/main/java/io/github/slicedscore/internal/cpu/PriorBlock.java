package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import java.util.Arrays;

/**
 * The end of a flow: the diagonal scaling h = exp(t) y and the log-density f = sum_i (g(h_i) + t_i), with g = log p_H. Jets of y
 * in, jets of f out:
 *
 * <pre>
 * f1_m = sum_i g'(h_i) h1_mi        f2 = sum_i [ g''(h_i) sum_m h1_mi^2 + g'(h_i) h2_i ]
 * </pre>
 *
 * <p>where the inner sum runs over the curved tangents. With adjoints o, o1_m, o2 of f, f1_m, f2 the reverse is
 *
 * <pre>
 * dh    = o g' + sum_m o1_m g'' h1_m + o2 (g''' sum_m h1_m^2 + g'' h2)
 * dh1_m = o1_m g' + 2 o2 g'' h1_m                 (the last term for curved tangents only)
 * dh2   = o2 g'
 *
 * dy_k = exp(t) dh_k        dt = o + sum over all streams of dh_k h_k
 * </pre>
 */
final class PriorBlock {
    /** The streams of some samples, and g's derivatives at their values. */
    static final class Jets {
        final JetShape shape;
        /** Rows of y, which become those of h, then those of y's adjoints. */
        final float[][] rows;
        /** g'(h) of each sample. */
        final float[][] first;
        /** g''(h) of each sample. */
        final float[][] second;
        /** g'''(h) of each sample. */
        final float[][] third;
        /** g(h) of each sample, then dt. */
        final float[][] scales;

        Jets(JetShape shape, int samples, int dimension) {
            this.shape = shape;
            rows = new float[Math.multiplyExact(samples, shape.streams())][dimension];
            first = new float[samples][dimension];
            second = new float[samples][dimension];
            third = new float[samples][dimension];
            scales = new float[samples][dimension];
        }
    }

    final ScaleWeights weights;
    private final Nice.Prior prior;
    private final int dimension;

    PriorBlock(Nice.Prior prior, int dimension) {
        this.weights = new ScaleWeights(dimension);
        this.prior = prior;
        this.dimension = dimension;
    }

    /**
     * Runs a sample forward.
     *
     * @param jets with the sample's rows of y, which become those of h
     * @param sample which
     * @param output where its rows of f go
     */
    void forward(Jets jets, int sample, float[][] output) {
        int row = sample * jets.shape.streams();
        for (int stream = 0; stream < jets.shape.streams(); stream++) {
            scale(jets.rows[row + stream]);
        }
        differentiate(jets, sample);
        double value = 0;
        for (int i = 0; i < dimension; i++) {
            value += (double) jets.scales[sample][i] + weights.logarithms()[i];
        }
        output[row][0] = (float) value;
        double curvature = 0;
        for (int m = 0; m < jets.shape.tangents(); m++) {
            float[] h1 = jets.rows[row + 1 + m];
            output[row + 1 + m][0] = (float) dot(jets.first[sample], h1);
            curvature += m < jets.shape.curved() ? square(jets.second[sample], h1) : 0;
        }
        if (jets.shape.second()) {
            int last = row + jets.shape.streams() - 1;
            output[last][0] = (float) (curvature + dot(jets.first[sample], jets.rows[last]));
        }
    }

    /**
     * Runs a sample backward.
     *
     * @param jets after {@link #forward}; the sample's rows of h become adjoints of y
     * @param sample which
     * @param seeds adjoints of f
     */
    void reverse(Jets jets, int sample, float[][] seeds) {
        JetShape shape = jets.shape;
        int row = sample * shape.streams();
        int last = row + shape.streams() - 1;
        float o2 = shape.second() ? seeds[last][0] : 0;
        for (int i = 0; i < dimension; i++) {
            float g1 = jets.first[sample][i];
            float g2 = jets.second[sample][i];
            float factor = weights.factors[i];
            float squares = 0;
            float dh = seeds[row][0] * g1;
            float dt = seeds[row][0];
            for (int m = 0; m < shape.tangents(); m++) {
                boolean curved = m < shape.curved();
                float h1 = jets.rows[row + 1 + m][i];
                float o1 = seeds[row + 1 + m][0];
                float dh1 = o1 * g1 + (curved ? 2 * o2 * g2 * h1 : 0);
                dh += o1 * g2 * h1;
                squares += curved ? h1 * h1 : 0;
                dt += dh1 * h1;
                jets.rows[row + 1 + m][i] = factor * dh1;
            }
            if (shape.second()) {
                float h2 = jets.rows[last][i];
                float dh2 = o2 * g1;
                dh += o2 * (jets.third[sample][i] * squares + g2 * h2);
                dt += dh2 * h2;
                jets.rows[last][i] = factor * dh2;
            }
            jets.scales[sample][i] = dt + dh * jets.rows[row][i];
            jets.rows[row][i] = factor * dh;
        }
    }

    /** What the norm of the gradient in t of some samples does not exceed. */
    double gradientBound(Jets jets, int from, int to) {
        double sum = 0;
        for (int n = from; n < to; n++) {
            for (float dt : jets.scales[n]) {
                sum += Math.abs(dt);
            }
        }
        return sum;
    }

    /** The gradient in t, summed over the first samples. */
    void weightGradient(Jets jets, int samples, boolean add, float[] gradient) {
        if (!add) {
            Arrays.fill(gradient, 0, weights.logarithms().length, 0f);
        }
        for (int n = 0; n < samples; n++) {
            Weights.add(jets.scales[n], gradient);
        }
    }

    /** From h to y, in place. */
    void invert(float[] h) {
        for (int i = 0; i < dimension; i++) {
            h[i] /= weights.factors[i];
        }
    }

    private void scale(float[] y) {
        for (int i = 0; i < dimension; i++) {
            y[i] *= weights.factors[i];
        }
    }

    private void differentiate(Jets jets, int sample) {
        float[] h = jets.rows[sample * jets.shape.streams()];
        float[] value = jets.scales[sample];
        float[] first = jets.first[sample];
        float[] second = jets.second[sample];
        float[] third = jets.third[sample];
        if (prior == Nice.Prior.NORMAL) {
            normal(h, value, first, second, third);
        } else {
            logistic(h, value, first, second, third);
        }
    }

    /** g = -h^2/2 - log(2 pi)/2. */
    private static void normal(float[] h, float[] value, float[] first, float[] second, float[] third) {
        float constant = (float) (0.5 * Math.log(2 * Math.PI));
        for (int i = 0; i < h.length; i++) {
            value[i] = -0.5f * h[i] * h[i] - constant;
            first[i] = -h[i];
            second[i] = -1f;
            third[i] = 0f;
        }
    }

    /** g = h - 2 softplus(h). */
    private static void logistic(float[] h, float[] value, float[] first, float[] second, float[] third) {
        ActivationFunction.evaluate(Activation.SOFTPLUS, h, h.length, value, first, second, third);
        for (int i = 0; i < h.length; i++) {
            value[i] = h[i] - 2f * value[i];
            first[i] = 1f - 2f * first[i];
            second[i] *= -2f;
            third[i] *= -2f;
        }
    }

    private double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }

    private double square(float[] weights, float[] x) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += (double) weights[i] * x[i] * x[i];
        }
        return sum;
    }
}
