package io.github.slicedscore.internal.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** The width of vectors; constants, because the JVM's compiler makes instructions of constant shapes only. */
final class SimdSpecies {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private SimdSpecies() {}
}
