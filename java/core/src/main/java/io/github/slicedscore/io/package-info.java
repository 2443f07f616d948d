/** Files: safetensors, models and checkpoints. */
@NullMarked
package io.github.slicedscore.io;

import org.jspecify.annotations.NullMarked;
