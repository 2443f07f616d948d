package io.github.slicedscore.objective;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Map;

/**
 * The random directions v of a sliced objective: how many a sample, and from which distribution.
 *
 * @param count M, slices a sample, at least 1 and below 2^24
 * @param projection their distribution
 */
public record Slices(int count, Projection projection) {
    /** Checks the count. */
    public Slices {
        if (count < 1 || count >= 1 << 24) {
            throw new IllegalArgumentException("the number of slices is at least 1 and below 2^24, not " + count);
        }
    }

    /**
     * Count and distribution as text.
     *
     * @return name to value
     */
    Map<String, String> settings() {
        return Map.of("slices", Integer.toString(count), "projection", projection.id());
    }

    /**
     * Draws one slice of one sample. The same (seed, position, slice, step) gives the same direction on every backend:
     * signs bit for bit, the others to rounding.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param position position of the sample in the global batch
     * @param slice 0 .. count-1
     * @param step step of the run
     * @param direction where the D numbers go, from index 0
     * @param dimension D
     */
    public void draw(Philox philox, long seed, int position, int slice, long step, float[] direction, int dimension) {
        switch (projection) {
            case RADEMACHER -> philox.signs(seed, position, RandomStream.SLICES, slice, step, direction, 0, dimension);
            case GAUSSIAN -> philox.normals(seed, position, RandomStream.SLICES, slice, step, direction, 0, dimension);
            case SPHERE -> {
                philox.normals(seed, position, RandomStream.SLICES, slice, step, direction, 0, dimension);
                double square = 0;
                for (int i = 0; i < dimension; i++) {
                    square += (double) direction[i] * direction[i];
                }
                double scale = Math.sqrt(dimension / square);
                for (int i = 0; i < dimension; i++) {
                    direction[i] = (float) (direction[i] * scale);
                }
            }
        }
    }
}
