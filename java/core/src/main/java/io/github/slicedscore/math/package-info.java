/** Random numbers by counter, keyed permutations and small statistics; everything above depends on it, it depends on nothing. */
@NullMarked
package io.github.slicedscore.math;

import org.jspecify.annotations.NullMarked;
