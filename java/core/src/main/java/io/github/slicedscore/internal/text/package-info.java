/** Text for people; not part of the library's interface. It depends on nothing. */
@NullMarked
package io.github.slicedscore.internal.text;

import org.jspecify.annotations.NullMarked;
