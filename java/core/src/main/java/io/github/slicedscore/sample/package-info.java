/** Drawing samples from a learned score, and telling whether they can be used. */
@NullMarked
package io.github.slicedscore.sample;

import org.jspecify.annotations.NullMarked;
