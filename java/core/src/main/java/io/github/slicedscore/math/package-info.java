/**
 * Random numbers by counter, keyed permutations, small statistics and a factorisation; everything above depends on it, it
 * depends on nothing.
 */
@NullMarked
package io.github.slicedscore.math;

import org.jspecify.annotations.NullMarked;
