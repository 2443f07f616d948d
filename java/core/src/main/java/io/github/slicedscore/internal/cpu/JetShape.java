package io.github.slicedscore.internal.cpu;

/**
 * Which streams a jet carries beside its value: tangents, and at most one second-order stream.
 *
 * <p>Streams stand in the order value, tangent 1 .. T, second order; as rows of one matrix, sample n's streams are the rows
 * n * streams() .. (n + 1) * streams() - 1.
 *
 * @param tangents T, number of first-order streams
 * @param curved how many of them, the first ones, feed the second-order stream, which is the sum over these; 0 where there is
 *     no second-order stream
 */
record JetShape(int tangents, int curved) {
    /** The value alone. */
    static final JetShape VALUE = new JetShape(0, 0);

    JetShape {
        if (curved < 0 || curved > tangents) {
            throw new IllegalArgumentException("no such jet: " + curved + " of " + tangents + " tangents curved");
        }
    }

    /** Whether there is a second-order stream. */
    boolean second() {
        return curved > 0;
    }

    /** Number of rows a sample takes. */
    int streams() {
        return firstOrderStreams() + (second() ? 1 : 0);
    }

    /** Value and tangents: what the data fills of a network's input; its second-order stream is zero but for {@link EnergyBent}. */
    int firstOrderStreams() {
        return 1 + tangents;
    }
}
