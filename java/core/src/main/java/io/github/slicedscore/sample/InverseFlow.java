package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.FlowScorer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Nice;
import java.util.Optional;

/**
 * Exact samples of a flow: the inverse of its map, of points of its prior.
 *
 * <pre>x = h^-1(z),      z_i ~ p_H independent</pre>
 *
 * <p>No chain, no step, no bias: samples are of the model's very density, and independent. z of sample n is drawn by {@link
 * Philox} at position n of the sampler's stream, so it is the same however many there are.
 */
public record InverseFlow() implements Sampler {
    private static final String MEND =
            "its inverse carries them there; train longer, or with a lower learning rate, or on rows with more noise";

    /**
     * {@inheritDoc}
     *
     * <p>Samples are independent, so there are no diagnostics.
     *
     * @throws IllegalArgumentException if the model is no flow
     */
    @Override
    public Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        StandardUnits.requireCount(count);
        ModelRows rows = ModelRows.of(model, conditions);
        if (!(model.scorer() instanceof FlowScorer flow && model.architecture() instanceof Nice nice)) {
            throw new IllegalArgumentException(
                    "exact samples are those of flows, models of kind nice; this one is of kind "
                            + model.architecture().kind() + ", which Langevin dynamics draw from");
        }
        int dimension = rows.dimension();
        double[] points = new double[StandardUnits.requireRoom(count, dimension)];
        float[] latents = new float[points.length];
        latents(nice.prior(), seed, count, dimension, latents);
        flow.invert(latents, count, latents);
        ModelRows.widen(latents, points);
        return new Samples(StandardUnits.restore(model, points, count, MEND), Optional.empty());
    }

    /** {@inheritDoc} A flow has no conditions, so every call throws. */
    @Override
    public Samples drawEach(ScoreModel model, double[] conditions, long seed) {
        return draw(model, StandardUnits.requireEach(model, conditions), seed, conditions);
    }

    private static void latents(Nice.Prior prior, long seed, int count, int dimension, float[] latents) {
        Philox philox = new Philox();
        for (int row = 0; row < count; row++) {
            int from = row * dimension;
            if (prior == Nice.Prior.NORMAL) {
                philox.normals(seed, row, RandomStream.SAMPLER, 0, 0, latents, from, from + dimension);
            } else {
                for (int i = 0; i < dimension; i++) {
                    if (i % 4 == 0) {
                        philox.draw(seed, row, i / 4, RandomStream.SAMPLER, 0, 0);
                    }
                    double uniform = philox.uniform(i % 4);
                    latents[from + i] = (float) (StrictMath.log(uniform) - StrictMath.log1p(-uniform));
                }
            }
        }
    }
}
