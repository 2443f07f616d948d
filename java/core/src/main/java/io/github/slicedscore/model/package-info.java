/** What a network is: architectures, activations and parameters; nothing here evaluates one. */
@NullMarked
package io.github.slicedscore.model;

import org.jspecify.annotations.NullMarked;
