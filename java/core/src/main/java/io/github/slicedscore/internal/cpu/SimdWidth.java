package io.github.slicedscore.internal.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * The widest vectors that are native here. Apart from {@link SimdSpecies}, whose constants are of the width that is chosen
 * knowing this one.
 */
final class SimdWidth {
    private SimdWidth() {}

    /** Bits of a vector register, as far as this JVM uses them. */
    static int nativeBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
