/** The backend for plain processors: the jets engine in Java. */
@NullMarked
package io.github.slicedscore.internal.cpu;

import org.jspecify.annotations.NullMarked;
