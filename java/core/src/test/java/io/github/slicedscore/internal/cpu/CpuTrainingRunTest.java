package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.contract.TrainingContractTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuTrainingRunTest extends TrainingContractTest {
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

    @ParameterizedTest(name = "energy {0}, variance reduced {1}")
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void isBitIdenticalForAnyNumberOfThreads(boolean energy, boolean varianceReduced) {
        TrainingCase training = TrainingCase.of(energy, varianceReduced);
        List<StepResult> wanted = new ArrayList<>();
        TrainingState state = train(training, 1, 50, wanted);
        assertThat(wanted.get(49).loss()).isLessThan(wanted.get(0).loss());
        for (int threads : new int[] {2, 3, 4}) {
            List<StepResult> results = new ArrayList<>();
            assertThat(train(training, threads, 50, results))
                    .as("%d threads", threads)
                    .isEqualTo(state);
            assertThat(results).as("%d threads", threads).isEqualTo(wanted);
        }
    }

    private static TrainingState train(TrainingCase training, int threads, int steps, List<StepResult> results) {
        try (Backend other = Backends.open("cpu", new BackendOptions(threads, 0));
                TrainingRun run = training.open(other)) {
            for (int i = 0; i < steps; i++) {
                results.add(run.step(1));
            }
            return run.state();
        }
    }
}
