package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.contract.TrainingContractTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of training runs on the processor. */
abstract class ProcessorRunContract extends TrainingContractTest {
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
}
