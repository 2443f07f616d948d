package io.github.slicedscore.cli;

import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.data.ToySampler;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.sample.Hamiltonian;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.Sampler;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.TrainingConfig;

/**
 * Where the demo's accuracy and time are decided. Distributions without a known score may have edges, at which the score is
 * infinite: training rounds them with noise, and samples are the energy's, whose Gaussian base calls back chains that such a
 * steep score throws far.
 */
final class DemoSettings {
    static final int ROWS = 1_000_000;
    static final int FRESH_ROWS = 20_000;
    static final int SAMPLES = 4_000;
    static final String STEPS = "8000";

    private static final double NOISE = 0.05;

    private DemoSettings() {}

    /** An energy's gradients are noisier and its steps dearer, so it gets smaller ones on half the rows. */
    static TrainingConfig config(ModelKind kind, ToySampler truth, long steps, long seed) {
        boolean energy = kind == ModelKind.ENERGY;
        return TrainingConfig.builder()
                .kind(kind)
                .hidden(64, 64)
                .activation(Activation.SILU)
                .batch(energy ? 128 : 256)
                .steps(steps)
                .learningRate(new LearningRate(energy ? 3e-3 : 1e-2, LearningRate.Shape.COSINE, 0))
                .averageDecay(0.99)
                // The last model, not the best: the loss of held-out rows is noisier than what is left to learn.
                .validationFraction(0)
                .noise(truth instanceof ToyDistribution ? 0 : NOISE)
                .dequantize(false)
                .seed(seed)
                .build();
    }

    /** Which of the two networks draws the samples. */
    static ModelKind drawnWith(ToySampler truth) {
        return truth instanceof ToyDistribution ? ModelKind.SCORE : ModelKind.ENERGY;
    }

    static Sampler sampler(ToySampler truth) {
        return drawnWith(truth) == ModelKind.SCORE ? new Langevin(400, 0.05, 0.004) : Hamiltonian.standard();
    }
}
