package io.github.slicedscore.internal.cpu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a {@link Network}'s pass over some samples. Where the perceptron sees [x, c] as it is, its input rows are the
 * network's.
 */
final class NetworkBuffers {
    final JetShape shape;
    final JetBuffers jets;
    /** Rows [x, c] and their tangents. */
    final float[][] input;
    /** Their adjoints; empty where the caller does not want them. */
    final float[][] inputAdjoint;

    private final @Nullable JetBuffers waves;

    NetworkBuffers(JetBuffers jets, @Nullable JetBuffers waves, int inputs, boolean wrapped) {
        this.shape = jets.shape;
        this.jets = jets;
        this.waves = waves;
        input = wrapped ? new float[jets.input.length][inputs] : jets.input;
        inputAdjoint = wrapped ? new float[jets.inputAdjoint.length][inputs] : jets.inputAdjoint;
    }

    /** Whether the perceptron's input is another than [x, c]. */
    boolean wrapped() {
        return input != jets.input;
    }

    /** The streams of a network's waves. */
    JetBuffers waves() {
        return Objects.requireNonNull(waves, "a network without waves");
    }

    float[][] output() {
        return jets.output;
    }

    float[][] outputAdjoint() {
        return jets.outputAdjoint;
    }
}
