/** Measures of how well a learned score fits. */
@NullMarked
package io.github.slicedscore.eval;

import org.jspecify.annotations.NullMarked;
