package io.github.slicedscore.model;

import java.util.Optional;

/** A multilayer perceptron, which is the score or the log-density: layers, and what it has beside them. */
public sealed interface Mlp extends Architecture permits ScoreMlp, EnergyMlp {
    /**
     * What the network has beside its layers.
     *
     * @return the options
     */
    MlpOptions options();

    @Override
    default Optional<NoiseLevels> noiseLevels() {
        return options().noiseLevels();
    }

    /**
     * Widths of all layers, input and output included: [D + C + twice the Fourier features, hidden..., outputs].
     *
     * @return a new array of at least two widths
     */
    default int[] widths() {
        int waves = options().fourier().map(fourier -> 2 * fourier.count()).orElse(0);
        return MlpChecks.widths(inputs() + waves, hidden(), outputs());
    }

    /** {@inheritDoc} W0, b0, W1, b1, ...; W row-major [out][in] as in {@code torch.nn.Linear}, input columns [x, c], no padding. */
    @Override
    default ParameterLayout layout() {
        return ParameterLayout.builder().addPerceptron("", widths()).build();
    }
}
