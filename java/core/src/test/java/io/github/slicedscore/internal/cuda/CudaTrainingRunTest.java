package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.contract.TrainingContractTest;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.util.List;
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

    @Override
    protected void assertNamesKernels(TrainingRun run) {
        assertThat(run.kernels().replaceFirst("-(fused|layered)-", "-"))
                .isNotEqualTo(run.kernels())
                .isEqualTo(backend.kernels());
    }

    /** More than one native call does; of a network and a batch as small as they can be. */
    @Test
    void manyStepsKeepTheirResults() {
        int count = 258;
        Architecture network = new ScoreMlp(1, 0, List.of(), Activation.TANH);
        Objective objective = new DenoisingScoreMatching(0.3);
        TrainingSpec spec = new TrainingSpec(network, objective, new Adam(), new Schedule.Constant(1e-3), 0, 0, 1, 1);
        TrainingRows rows = new TrainingRows(new float[] {1, 2, 3}, 3, 1, 0, Augmentation.none(1));
        TrainingState start = TrainingState.initial(network, 1);
        StepResults results = new StepResults();
        try (TrainingRun together = backend.openTraining(spec, rows, start);
                TrainingRun last = backend.openTraining(spec, rows, start)) {
            together.step(count, results);
            assertThat(results.size()).isEqualTo(count);
            for (int step : new int[] {1, 2, 255, 256, 257}) {
                assertThat(last.step((int) (step - last.step()))).isEqualTo(results.get(step - 1));
            }
            assertThat(last.step(1)).isEqualTo(results.get(count - 1));
            assertThat(last.state()).isEqualTo(together.state());
        }
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

    /** The run's state, 8 MB an array, is still on its way to the device when the backend is closed. */
    @Test
    void closingTheBackendWaitsForARunThatIsBeingOpened() throws Exception {
        TrainingCase plain = TrainingCase.plain();
        TrainingCase large = new TrainingCase(
                new ScoreMlp(5, 2, List.of(1400, 1400), Activation.TANH),
                plain.objective(),
                plain.optimizer(),
                plain.schedule(),
                0,
                0.9);
        TrainingState start = large.start();
        long handles = NativeLibrary.liveHandles();
        for (int i = 0; i < 5; i++) {
            Backend other = another();
            FutureTask<Void> steps = new FutureTask<>(() -> {
                try (TrainingRun run = large.open(other, start)) {
                    while (true) {
                        run.gradient(0, 1);
                    }
                }
            });
            Thread opener = new Thread(steps);
            opener.start();
            while (!runs(opener, "ss_run_set_state") && !runs(opener, "ss_run_gradient")) {
                assertThat(steps.isDone()).isFalse();
            }
            other.close();
            assertThat(NativeLibrary.liveHandles()).isEqualTo(handles);
            assertThatThrownBy(() -> steps.get(60, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the training run is closed");
        }
    }

    private static boolean runs(Thread thread, String function) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].getMethodName().equals(function);
    }
}
