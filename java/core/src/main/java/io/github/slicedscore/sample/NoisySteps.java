package io.github.slicedscore.sample;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** Steps x = x + a s + b xi, xi ~ N(0, I), of many chains: every step of a run draws noise of its own. */
final class NoisySteps {
    private final Philox philox = new Philox();
    private final long seed;
    private final int count;
    private final int dimension;
    private final float[] normals;
    private final double[] noise;
    private long done;

    NoisySteps(int count, int dimension, long seed) {
        this.seed = seed;
        this.count = count;
        this.dimension = dimension;
        normals = new float[dimension];
        noise = new double[count * dimension];
    }

    /** Draws the noise of the next step, [count, D]. Step 0 of the sampler's stream are the starting points. */
    double[] draw() {
        done++;
        for (int chain = 0; chain < count; chain++) {
            philox.normals(seed, chain, RandomStream.SAMPLER, 0, done, normals, 0, dimension);
            for (int i = 0; i < dimension; i++) {
                noise[chain * dimension + i] = normals[i];
            }
        }
        return noise;
    }

    /** Moves the points along the scores, with the noise drawn last. */
    void move(double[] points, double[] scores, double drift, double spread) {
        for (int i = 0; i < points.length; i++) {
            points[i] += drift * scores[i] + spread * noise[i];
        }
    }
}
