/** The experiments of Song et al. 2019, repeated; {@code bench/paper/README.md} says how. */
@org.jspecify.annotations.NullMarked
package io.github.slicedscore.bench.paper;
