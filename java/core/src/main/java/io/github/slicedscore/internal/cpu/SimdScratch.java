package io.github.slicedscore.internal.cpu;

/** Memory of one worker for passes in panels. */
final class SimdScratch extends Scratch {
    /** Adjoints of activations. */
    final Panels adjoints;
    /** Second and third derivatives of the activation at a panel's values, a row for each sample. */
    final float[] second;

    final float[] third;
    /** What the tiles of a panel begin with: rows of biases and zeros as the streams of samples have them. */
    final float[] bias;
    /** Two vectors. */
    final float[] lanes = new float[Panels.WIDTH];

    SimdScratch(int widest, int rows) {
        adjoints = new Panels(rows, widest);
        second = new float[rows * Panels.WIDTH];
        third = new float[rows * Panels.WIDTH];
        bias = new float[(rows + SimdTile.ROWS) * Panels.WIDTH];
    }
}
