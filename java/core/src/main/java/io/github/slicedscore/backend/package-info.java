/** Where the work is done: the interface that the processor and the GPU implement. */
@NullMarked
package io.github.slicedscore.backend;

import org.jspecify.annotations.NullMarked;
