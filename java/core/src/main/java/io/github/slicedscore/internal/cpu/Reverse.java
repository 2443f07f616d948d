package io.github.slicedscore.internal.cpu;

/** How far a reverse pass goes: what a forward pass must keep for it, and what there must be room for. */
enum Reverse {
    /** There is none. */
    NONE,
    /** To the parameters. */
    PARAMETERS,
    /** To the input, too. */
    INPUT
}
