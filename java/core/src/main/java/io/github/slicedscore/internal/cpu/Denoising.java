package io.github.slicedscore.internal.cpu;

/**
 * DSM of one level or several.
 *
 * <pre>L = w |s(x + sigma e) + e / sigma|^2 / 2        dL/ds = w (s + e / sigma)</pre>
 *
 * <p>with w = 1, or sigma^2 where there are several levels.
 */
final class Denoising implements PointLoss {
    private final Noise noise;

    Denoising(Noise noise) {
        this.noise = noise;
    }

    @Override
    public float[] direction(int sample, int k) {
        return noise.direction(sample);
    }

    @Override
    public void prepare(int sample, float[] input) {
        noise.add(sample, input);
    }

    @Override
    public double evaluate(int sample, float[] input, float[] score, float[] seed) {
        float[] e = noise.direction(sample);
        double sigma = noise.sigma(input);
        double weight = noise.weight(input);
        double square = 0;
        for (int i = 0; i < e.length; i++) {
            double difference = score[i] + e[i] / sigma;
            seed[i] = (float) (weight * difference);
            square += difference * difference;
        }
        return weight * square / 2;
    }
}
