/** What to minimise: score-matching objectives, as values. */
@NullMarked
package io.github.slicedscore.objective;

import org.jspecify.annotations.NullMarked;
