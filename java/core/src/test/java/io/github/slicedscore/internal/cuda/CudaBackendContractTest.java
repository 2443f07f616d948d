package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.contract.BackendContractTest;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingStaysOpen.class)
class CudaBackendContractTest extends BackendContractTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = NativeLibrary.open();
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
    protected boolean knows(Objective objective) {
        return !(objective instanceof FiniteDifferenceScoreMatching);
    }
}
