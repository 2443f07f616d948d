/**
 * The binding of the native CUDA library: the only package that sees JavaCPP.
 *
 * <p>{@link io.github.slicedscore.internal.cuda.CudaProbe} says whether CUDA can be used here and why not; {@link
 * io.github.slicedscore.internal.cuda.CudaLibrary} holds the native functions, one for one those of slicedscore.h.
 */
@NullMarked
package io.github.slicedscore.internal.cuda;

import org.jspecify.annotations.NullMarked;
