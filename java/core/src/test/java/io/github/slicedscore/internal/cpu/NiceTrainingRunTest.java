package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.contract.TrainingContractTest;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Nice;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of training runs, of flows with either prior. */
class NiceTrainingRunTest extends TrainingContractTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Override
    protected Backend backend() {
        return backend;
    }

    @Override
    protected Backend another() {
        return Backends.open("cpu", new BackendOptions(1, 0));
    }

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
