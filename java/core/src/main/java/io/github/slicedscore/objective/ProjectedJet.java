package io.github.slicedscore.objective;

import java.util.Arrays;

/**
 * What an objective of one's own sees of a sample, and where it says how the loss depends on it. Arrays are reused for the
 * next sample.
 *
 * <pre>s = score      t_m = J v_m = products[m]      p_m = v_m.s = projected[m]      q_m = v_m.J v_m = quadratic[m]</pre>
 *
 * <p>The seeds are the derivatives of the loss in these, zero before the call; set those that it uses, each on its own: what
 * p_m and q_m owe to s and t_m is added for you.
 */
public final class ProjectedJet {
    /** x as the network sees it, then its conditions, [D + C]; read only. */
    public final float[] input;
    /** v_m, [M][D]; read only. */
    public final float[][] slices;
    /** s, [D]; read only. */
    public final float[] score;
    /** J v_m, [M][D]; read only. */
    public final float[][] products;
    /** p_m = v_m.s, [M]; read only. */
    public final double[] projected;
    /** q_m = v_m.J v_m, [M]; read only. */
    public final double[] quadratic;
    /** dL/ds, [D]. */
    public final float[] scoreSeed;
    /** dL/d(J v_m), [M][D]. */
    public final float[][] productSeeds;
    /** dL/dp_m, [M]. */
    public final double[] projectedSeeds;
    /** dL/dq_m, [M]. */
    public final double[] quadraticSeeds;

    /**
     * Room for a sample; backends make it.
     *
     * @param inputs D + C
     * @param dimension D
     * @param slices M
     */
    public ProjectedJet(int inputs, int dimension, int slices) {
        input = new float[inputs];
        this.slices = new float[slices][dimension];
        score = new float[dimension];
        products = new float[slices][dimension];
        projected = new double[slices];
        quadratic = new double[slices];
        scoreSeed = new float[dimension];
        productSeeds = new float[slices][dimension];
        projectedSeeds = new double[slices];
        quadraticSeeds = new double[slices];
    }

    /**
     * From s and t_m to p_m, q_m and seeds of zero; backends call it before the loss.
     */
    public void project() {
        for (int m = 0; m < slices.length; m++) {
            projected[m] = dot(slices[m], score);
            quadratic[m] = dot(slices[m], products[m]);
            Arrays.fill(productSeeds[m], 0f);
        }
        Arrays.fill(scoreSeed, 0f);
        Arrays.fill(projectedSeeds, 0);
        Arrays.fill(quadraticSeeds, 0);
    }

    /** From the seeds of p_m and q_m to those of s and t_m; backends call it after the loss. */
    public void collect() {
        for (int m = 0; m < slices.length; m++) {
            for (int i = 0; i < score.length; i++) {
                scoreSeed[i] += (float) (projectedSeeds[m] * slices[m][i]);
                productSeeds[m][i] += (float) (quadraticSeeds[m] * slices[m][i]);
            }
        }
    }

    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
