/**
 * For programs that keep data on a CUDA device of their own: batches, rows and results as device pointers, in order with
 * their streams; and the errors of a device.
 */
@NullMarked
package io.github.slicedscore.cuda;

import org.jspecify.annotations.NullMarked;
