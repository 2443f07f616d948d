package io.github.slicedscore.internal.cpu;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of the width that was chosen for this JVM: constants, because the compiler needs to know the width. */
final class SimdSpecies {
    private static final VectorShape SHAPE =
            VectorShape.forBitSize(KernelSelection.chosen().bits());

    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);

    /** Numbers in a vector. */
    static final int LANES = FLOATS.length();

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);

    private SimdSpecies() {}
}
