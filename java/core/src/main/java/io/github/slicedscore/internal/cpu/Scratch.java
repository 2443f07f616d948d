package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.math.Philox;

/** Memory of one worker that no result outlives. */
final class Scratch {
    final float[] first;
    final float[] second;
    final float[] third;
    final float[][] adjoints;
    final Philox philox = new Philox();

    /**
     * Memory for networks up to a width, and for reverse passes over up to a number of rows.
     *
     * @param widest width of the widest layer
     * @param rows samples at a time, times streams
     */
    Scratch(int widest, int rows) {
        first = new float[widest];
        second = new float[widest];
        third = new float[widest];
        adjoints = new float[rows][widest];
    }
}
