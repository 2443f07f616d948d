package io.github.slicedscore.backend;

import io.github.slicedscore.model.Nice;

/**
 * A flow opened for inference: its density is that of a prior at h(x), an invertible map, times the map's determinant. What a
 * backend opens of a {@link Nice} implements this where it knows the inverse.
 */
public interface FlowScorer extends Scorer {
    /**
     * The inverse map, in standardised units: of independent numbers of the prior it makes exact samples of the model.
     *
     * @param latents h, [rows, D] row-major
     * @param rows how many
     * @param inputs where x goes, [rows, D] row-major
     * @throws IllegalArgumentException if an array is too short
     */
    void invert(float[] latents, int rows, float[] inputs);
}
