/**
 * The CUDA backend. Beside {@link io.github.slicedscore.cuda}, its public face, it is the only package that sees JavaCPP.
 *
 * <p>{@link io.github.slicedscore.internal.cuda.CudaProbe} says whether CUDA can be used here and why not. {@link
 * io.github.slicedscore.internal.cuda.CudaLibrary} holds the native functions, one for one those of slicedscore.h; {@link
 * io.github.slicedscore.internal.cuda.NativeHandle} owns everything that they give out.
 */
@NullMarked
package io.github.slicedscore.internal.cuda;

import org.jspecify.annotations.NullMarked;
