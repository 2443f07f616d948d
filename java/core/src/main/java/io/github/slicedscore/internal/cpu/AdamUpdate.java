package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.optim.Optimizer;

/** Adam's and AdamW's update of a row of parameters, with the moving average of the parameters. */
final class AdamUpdate {
    private final float beta1;
    private final float beta2;
    private final float epsilon;
    private final double exactBeta1;
    private final double exactBeta2;
    private final double weightDecay;
    private final float averageDecay;
    private float gradientScale;
    private float keep;
    private float stepSize;
    private float secondCorrection;

    AdamUpdate(Optimizer optimizer, double averageDecay) {
        this.exactBeta1 = optimizer.beta1();
        this.exactBeta2 = optimizer.beta2();
        this.beta1 = (float) optimizer.beta1();
        this.beta2 = (float) optimizer.beta2();
        this.epsilon = (float) optimizer.epsilon();
        this.weightDecay = optimizer.weightDecay();
        this.averageDecay = (float) averageDecay;
    }

    /**
     * Settles what is the same for all parameters of an update.
     *
     * @param step updates done before this one
     * @param rate learning rate
     * @param scale factor of the gradients: 1 / rows, and clipping
     */
    void prepare(long step, double rate, double scale) {
        gradientScale = (float) scale;
        keep = (float) (1 - rate * weightDecay);
        stepSize = (float) (rate / (1 - power(exactBeta1, step + 1)));
        secondCorrection = (float) (1 / (1 - power(exactBeta2, step + 1)));
    }

    float gradientScale() {
        return gradientScale;
    }

    float keep() {
        return keep;
    }

    float stepSize() {
        return stepSize;
    }

    float secondCorrection() {
        return secondCorrection;
    }

    float beta1() {
        return beta1;
    }

    float beta2() {
        return beta2;
    }

    float epsilon() {
        return epsilon;
    }

    float averageDecay() {
        return averageDecay;
    }

    /** By squaring: StrictMath.pow allocates until it is compiled, and again once its result is subnormal. */
    private static double power(double base, long exponent) {
        double result = 1;
        double square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }

    /**
     * Updates a row.
     *
     * @param parameters p
     * @param gradients g, unscaled
     * @param first m
     * @param second v
     * @param average moving average of p
     */
    void apply(float[] parameters, float[] gradients, float[] first, float[] second, float[] average) {
        float rest1 = 1f - beta1;
        float rest2 = 1f - beta2;
        for (int j = 0; j < parameters.length; j++) {
            float g = gradientScale * gradients[j];
            float m = beta1 * first[j] + rest1 * g;
            float v = beta2 * second[j] + rest2 * g * g;
            first[j] = m;
            second[j] = v;
            parameters[j] = keep * parameters[j] - stepSize * m / ((float) Math.sqrt(v * secondCorrection) + epsilon);
        }
        if (averageDecay > 0) {
            for (int j = 0; j < parameters.length; j++) {
                average[j] = averageDecay * average[j] + (1f - averageDecay) * parameters[j];
            }
        }
    }
}
