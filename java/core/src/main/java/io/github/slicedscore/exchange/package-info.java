/** Exchange with other programs: state dicts of PyTorch, and graphs of ONNX. */
@NullMarked
package io.github.slicedscore.exchange;

import org.jspecify.annotations.NullMarked;
