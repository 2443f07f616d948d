package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.contract.BackendContractTest;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingStaysOpen.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaBackendContractTest extends BackendContractTest {
    private @Nullable Backend backend;

    @BeforeAll
    void open() {
        backend = NativeLibrary.open(precision());
    }

    @AfterAll
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    @Override
    protected Backend backend() {
        return Objects.requireNonNull(backend);
    }

    @Override
    protected boolean knows(Objective objective) {
        return !(objective instanceof FiniteDifferenceScoreMatching);
    }
}
