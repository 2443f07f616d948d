/** Tables of numbers: reading, standardising, batching, and toy distributions whose score is known. */
@NullMarked
package io.github.slicedscore.data;

import org.jspecify.annotations.NullMarked;
