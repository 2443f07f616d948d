package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.contract.TrainingContractTest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingStaysOpen.class)
class CudaTrainingRunTest extends TrainingContractTest {
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
    protected Backend another() {
        return NativeLibrary.open();
    }

    @Test
    void closingWaitsForTheStepsUnderWay() throws Exception {
        TrainingRun run = TrainingCase.plain().open(backend);
        CountDownLatch stepping = new CountDownLatch(3);
        FutureTask<Void> steps = new FutureTask<>(() -> {
            while (true) {
                run.step(2);
                stepping.countDown();
            }
        });
        Thread other = new Thread(steps);
        other.start();
        assertThat(stepping.await(60, TimeUnit.SECONDS)).isTrue();
        run.close();
        assertThatThrownBy(() -> steps.get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the training run is closed");
    }
}
