/** The command line: one class a command, options that several commands share, and what they draw. */
@NullMarked
package io.github.slicedscore.cli;

import org.jspecify.annotations.NullMarked;
