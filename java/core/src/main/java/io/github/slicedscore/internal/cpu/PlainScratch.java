package io.github.slicedscore.internal.cpu;

/** Memory of one worker for passes over rows. */
final class PlainScratch extends Scratch {
    final float[] first;
    final float[] second;
    final float[] third;
    final float[][] adjoints;

    PlainScratch(int widest, int rows) {
        first = new float[widest];
        second = new float[widest];
        third = new float[widest];
        adjoints = new float[rows][widest];
    }
}
