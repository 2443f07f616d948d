package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import java.util.List;
import java.util.stream.Stream;

/**
 * The contract of training runs, of deep kernel energies: half of a batch is for the coefficients, which follow from it and not from
 * the optimiser.
 */
class DeepKernelTrainingRunTest extends ProcessorRunContract {
    @Override
    protected TrainingCase training(boolean energy, String objective) {
        return TrainingCase.of(true, objective).on(network(energy ? 1 : 3, Activation.SOFTPLUS));
    }

    @Override
    protected List<Architecture> kinked() {
        return Stream.of(Activation.RELU, Activation.ELU)
                .map(activation -> network(2, activation))
                .toList();
    }

    private static Architecture network(int kernels, Activation activation) {
        return new DeepKernelEnergy(TrainingCase.DIMENSION, List.of(17, 9), activation, 5, kernels, 13, 2);
    }

    @Override
    protected int losses(int from, int to) {
        int solved = TrainingCase.BATCH / 2;
        return Math.max(to - solved, 0) - Math.max(from - solved, 0);
    }

    @Override
    protected int descending(Architecture architecture) {
        return architecture.layout().tensor("coefficients").offset();
    }
}
