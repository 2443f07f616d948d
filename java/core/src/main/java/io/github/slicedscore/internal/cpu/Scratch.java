package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.math.Philox;

/** Memory of one worker that no result outlives. */
abstract sealed class Scratch permits PlainScratch, SimdScratch {
    final Philox philox = new Philox();
}
