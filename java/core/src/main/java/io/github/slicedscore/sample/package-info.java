/** Drawing samples from a learned score. */
@NullMarked
package io.github.slicedscore.sample;

import org.jspecify.annotations.NullMarked;
