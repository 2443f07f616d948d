/**
 * Learned models: {@link io.github.slicedscore.ScoreModel} loads one and asks it for scores, log-densities and their
 * derivatives, in the units of the data. All that most users need.
 */
@NullMarked
package io.github.slicedscore;

import org.jspecify.annotations.NullMarked;
