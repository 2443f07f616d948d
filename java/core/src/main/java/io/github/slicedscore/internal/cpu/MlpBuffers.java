package io.github.slicedscore.internal.cpu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The streams of a {@link MlpNetwork}. Where the perceptron sees [x, c] as it is, its input rows are the network's. */
final class MlpBuffers extends NetworkBuffers {
    final JetBuffers jets;

    private final @Nullable JetBuffers waves;

    MlpBuffers(JetBuffers jets, @Nullable JetBuffers waves, int inputs, boolean wrapped) {
        super(
                jets.shape,
                wrapped ? new float[jets.input.length][inputs] : jets.input,
                wrapped ? new float[jets.inputAdjoint.length][inputs] : jets.inputAdjoint,
                jets.output,
                jets.outputAdjoint);
        this.jets = jets;
        this.waves = waves;
    }

    /** Whether the perceptron's input is another than [x, c]. */
    boolean wrapped() {
        return input != jets.input;
    }

    /** The streams of a network's waves. */
    JetBuffers waves() {
        return Objects.requireNonNull(waves, "a network without waves");
    }
}
