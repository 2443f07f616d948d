package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Nice;
import java.util.List;
import java.util.stream.Stream;

/** The contract of training runs, of flows with either prior. */
class NiceTrainingRunTest extends ProcessorRunContract {
    @Override
    protected TrainingCase training(boolean energy, String objective) {
        return TrainingCase.of(true, objective)
                .on(network(energy ? Nice.Prior.LOGISTIC : Nice.Prior.NORMAL, Activation.SOFTPLUS));
    }

    @Override
    protected List<Architecture> kinked() {
        return Stream.of(Activation.RELU, Activation.ELU)
                .map(activation -> network(Nice.Prior.NORMAL, activation))
                .toList();
    }

    private static Architecture network(Nice.Prior prior, Activation activation) {
        return new Nice(TrainingCase.DIMENSION, List.of(17, 9), activation, 3, prior);
    }
}
