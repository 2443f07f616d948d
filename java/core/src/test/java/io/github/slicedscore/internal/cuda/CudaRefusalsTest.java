package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the device's kernels do not know is refused by name, so that {@code auto} can turn to the processor. */
@ExtendWith(NothingStaysOpen.class)
class CudaRefusalsTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(5, 0.05, 4);
    private static final Slices SLICES = new Slices(1, Projection.RADEMACHER);

    private static CudaBackend device;

    @BeforeAll
    static void open() {
        device = NativeLibrary.open();
    }

    @AfterAll
    static void close() {
        device.close();
    }

    private static ScoreMlp network(MlpOptions options) {
        int conditions = options.noiseLevels().isPresent() ? 1 : 0;
        return new ScoreMlp(2, conditions, List.of(4, 4), Activation.TANH, options);
    }

    static List<Objective> unknownObjectives() {
        return List.of(
                new FiniteDifferenceScoreMatching(SLICES, 0.1),
                new ExplicitFisherDivergence((x, into) -> into[0] = x[0]),
                new SlicedFisherDivergence((x, into) -> into[0] = x[0], SLICES),
                new CustomObjective("mine", SLICES, jet -> 0));
    }

    @ParameterizedTest
    @MethodSource("unknownObjectives")
    void objectives(Objective objective) {
        String refusal = "the device's kernels do not know the objective " + objective.id() + "; use the backend cpu";
        assertRefused(network(MlpOptions.NONE), objective, refusal);
    }

    static List<Objective> objectivesOfSeveralLevels() {
        return List.of(
                new MultiLevelDenoisingScoreMatching(LEVELS),
                new MultiLevelVarianceReducedScoreMatching(LEVELS, SLICES));
    }

    @ParameterizedTest
    @MethodSource("objectivesOfSeveralLevels")
    void objectivesOfSeveralLevelsByTheirNetworks(Objective objective) {
        assertRefused(network(MlpOptions.NONE.withNoiseLevels(LEVELS)), objective, refusal("noise levels"));
    }

    @Test
    void networks() {
        MlpOptions residual = MlpOptions.NONE.withResidual(true);
        MlpOptions waves = MlpOptions.NONE.withFourier(new FourierFeatures(3, 1, 1));
        assertRefused(network(residual), new ExactScoreMatching(), refusal("residual layers"));
        assertRefused(network(waves), new ExactScoreMatching(), refusal("Fourier features"));
        assertRefused(
                network(residual.withFourier(new FourierFeatures(3, 1, 1))),
                new ExactScoreMatching(),
                refusal("residual layers, Fourier features"));
        assertRefused(
                new EnergyMlp(2, 0, List.of(4, 4), Activation.TANH, 2, residual),
                new ExactScoreMatching(),
                refusal("residual layers"));
        for (MlpOptions options : List.of(residual, waves, MlpOptions.NONE.withNoiseLevels(LEVELS))) {
            Architecture network = network(options);
            assertThatThrownBy(() -> device.openScorer(network, Parameters.initialize(network, 1)))
                    .isInstanceOf(NotSupportedException.class)
                    .hasMessageContaining("do not know networks with");
        }
    }

    @Test
    void flowsAndTheirLikelihood() {
        Nice nice = new Nice(2, List.of(4, 4), Activation.TANH, 2, Nice.Prior.NORMAL);
        String refusal = "the device's kernels do not know the network " + nice + "; use the backend cpu";
        assertRefused(nice, new ExactScoreMatching(), refusal);
        assertThatThrownBy(() -> device.openScorer(nice, Parameters.initialize(nice, 1)))
                .isInstanceOf(NotSupportedException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> device.openObjective(network(MlpOptions.NONE), new MaximumLikelihood()))
                .isInstanceOf(NotSupportedException.class)
                .hasMessage("the device's kernels do not know the objective mle; use the backend cpu");
    }

    private static String refusal(String options) {
        return "the device's kernels do not know networks with " + options + "; use the backend cpu";
    }

    private static void assertRefused(Architecture network, Objective objective, String message) {
        long handles = NativeLibrary.liveHandles();
        assertThatThrownBy(() -> device.openObjective(network, objective))
                .isInstanceOf(NotSupportedException.class)
                .hasMessage(message);
        TrainingSpec spec = new TrainingSpec(network, objective, new Adam(), new Schedule.Constant(1e-3), 0, 0, 2, 1);
        int given = network.inputs() - 2 - (network.noiseLevels().isPresent() ? 1 : 0);
        TrainingRows rows = new TrainingRows(new float[4 * (2 + given)], 4, 2, given, Augmentation.none(2));
        assertThatThrownBy(() -> device.openTraining(spec, rows, TrainingState.initial(network, 1)))
                .isInstanceOf(NotSupportedException.class)
                .hasMessage(message);
        assertThat(NativeLibrary.liveHandles()).isEqualTo(handles);
    }
}
