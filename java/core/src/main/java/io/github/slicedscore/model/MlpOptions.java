package io.github.slicedscore.model;

import java.util.Optional;

/**
 * What a perceptron may have beside its layers.
 *
 * @param residual whether every hidden layer that is as wide as the one before it adds that one's output to its own,
 *     a_l = act(W a_{l-1} + b) + a_{l-1}, which keeps deep networks trainable
 * @param fourier waves of the input that the first layer sees beside it
 * @param noiseLevels levels of noise that the network knows; the last condition column is log sigma then, and the network is
 *     wrapped as {@link ScoreMlp} and {@link EnergyMlp} say
 */
public record MlpOptions(boolean residual, Optional<FourierFeatures> fourier, Optional<NoiseLevels> noiseLevels) {
    /** Layers alone. */
    public static final MlpOptions NONE = new MlpOptions(false, Optional.empty(), Optional.empty());

    /**
     * The same with residual layers or without.
     *
     * @param value whether layers of equal width add their input to their output
     * @return new options
     */
    public MlpOptions withResidual(boolean value) {
        return new MlpOptions(value, fourier, noiseLevels);
    }

    /**
     * The same with other waves.
     *
     * @param value waves of the input
     * @return new options
     */
    public MlpOptions withFourier(FourierFeatures value) {
        return new MlpOptions(residual, Optional.of(value), noiseLevels);
    }

    /**
     * The same with other levels.
     *
     * @param value levels of noise
     * @return new options
     */
    public MlpOptions withNoiseLevels(NoiseLevels value) {
        return new MlpOptions(residual, fourier, Optional.of(value));
    }
}
