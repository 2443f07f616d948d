package io.github.slicedscore.internal.cpu;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of the width that was chosen for this JVM: constants, because the compiler needs to know the width. */
final class SimdSpecies {
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(
            float.class, VectorShape.forBitSize(KernelSelection.chosen().bits()));

    /** Numbers in a vector. */
    static final int LANES = FLOATS.length();

    private SimdSpecies() {}
}
