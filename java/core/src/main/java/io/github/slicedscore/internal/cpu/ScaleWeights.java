package io.github.slicedscore.internal.cpu;

/** The logarithms t of a diagonal scaling. */
final class ScaleWeights extends VectorWeights {
    /** exp(t). */
    final float[] factors;

    ScaleWeights(int dimension) {
        super(dimension);
        factors = new float[dimension];
    }

    /** t, and zeros behind it. */
    float[] logarithms() {
        return values();
    }

    @Override
    void refresh(Chunk chunk) {
        for (int i = 0; i < factors.length; i++) {
            // The same on every JVM.
            factors[i] = (float) StrictMath.exp(values()[i]);
        }
    }
}
