/** Training: configuration, the loop, checkpoints, early stopping and listeners. */
@NullMarked
package io.github.slicedscore.train;

import org.jspecify.annotations.NullMarked;
