package io.github.slicedscore.internal.cpu;

import org.jspecify.annotations.Nullable;

/** The noise that an objective adds to a batch, x~ = x + sigma e: of one level, or of that which each row names. */
final class Noise {
    /** No noise. */
    static final Noise NONE = new Noise(0, null, new float[0][]);

    private final double fixed;
    private final @Nullable Network leveled;
    private final float[][] directions;

    private Noise(double fixed, @Nullable Network leveled, float[][] directions) {
        this.fixed = fixed;
        this.leveled = leveled;
        this.directions = directions;
    }

    /** Noise of one level. */
    static Noise of(double sigma, Network network, int samples) {
        return new Noise(sigma, null, new float[samples][network.dimension]);
    }

    /** Noise of the level that the last condition of each row tells the network. */
    static Noise leveled(Network network, int samples) {
        return new Noise(0, network, new float[samples][network.dimension]);
    }

    /** Where e of a sample goes. */
    float[] direction(int sample) {
        return directions[sample];
    }

    /** The level of a row. */
    double sigma(float[] input) {
        return leveled == null ? fixed : leveled.sigma(input);
    }

    /** The weight of a row's loss: sigma^2 where there are several levels. */
    double weight(float[] input) {
        if (leveled == null) {
            return 1;
        }
        double sigma = sigma(input);
        return sigma * sigma;
    }

    /** x becomes x~. */
    void add(int sample, float[] input) {
        if (directions.length == 0) {
            return;
        }
        float[] e = directions[sample];
        float sigma = (float) sigma(input);
        for (int i = 0; i < e.length; i++) {
            input[i] += sigma * e[i];
        }
    }
}
