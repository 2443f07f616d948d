package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** Standard normal numbers of the toy distributions. */
final class Normals {
    private Normals() {}

    /**
     * Fills a point with independent standard normal numbers, four to a block.
     *
     * @param firstBlock block of the first four
     * @param into all of it is written
     */
    static void fill(Philox philox, long seed, int row, int firstBlock, double[] into) {
        for (int i = 0; i < into.length; i++) {
            if ((i & 3) == 0) {
                philox.draw(seed, row, firstBlock + (i >> 2), RandomStream.TOY, 0, 0);
            }
            into[i] = philox.normal(i & 3);
        }
    }
}
