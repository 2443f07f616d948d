package io.github.slicedscore.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From a device to the processor, where the device's kernels do not know what is asked for. */
class AutoBackendOnDeviceTest {
    private static final float[] ROWS = {0.5f, -1, 2, 0.25f};

    private static AutoBackend auto() {
        BackendStatus status = Backends.providers().stream()
                .filter(provider -> provider.name().equals("cuda"))
                .map(provider -> provider.status(new BackendOptions()))
                .findFirst()
                .orElseThrow();
        assumeTrue(status instanceof BackendStatus.Available, "no usable CUDA device");
        return new AutoBackend(
                Backends.open("cuda", new BackendOptions()), () -> Backends.open("cpu", new BackendOptions(1, 0)));
    }

    @Test
    void forAnObjective() {
        Architecture network = new ScoreMlp(2, 0, List.of(4), Activation.TANH);
        var objective = new FiniteDifferenceScoreMatching(new Slices(1, Projection.RADEMACHER), 0.1);
        Parameters parameters = Parameters.initialize(network, 1);
        float[] slices = {1, 1, -1, 1};
        try (AutoBackend auto = auto();
                Backend cpu = Backends.open("cpu", new BackendOptions(1, 0))) {
            assertThat(auto.name()).isEqualTo("cuda");
            try (ObjectiveFunction found = auto.openObjective(network, objective);
                    ObjectiveFunction wanted = cpu.openObjective(network, objective)) {
                assertThat(auto.name()).isEqualTo("cpu");
                assertThat(found.losses(parameters, ROWS, slices))
                        .containsExactly(wanted.losses(parameters, ROWS, slices));
            }
        }
    }

    @Test
    void forANetwork() {
        Architecture network = new ScoreMlp(2, 0, List.of(4, 4), Activation.TANH, MlpOptions.NONE.withResidual(true));
        try (AutoBackend auto = auto();
                Scorer scorer = auto.openScorer(network, Parameters.initialize(network, 1))) {
            assertThat(auto.name()).isEqualTo("cpu");
            float[] scores = new float[4];
            scorer.evaluate(ROWS, 2, null, scores);
            assertThat(scores).doesNotContain(0);
        }
    }
}
