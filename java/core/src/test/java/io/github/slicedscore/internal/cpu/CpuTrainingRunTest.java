package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NativeWidth.class)
class CpuTrainingRunTest extends ProcessorRunContract {
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

    private static Stream<TrainingCase> everyObjective() {
        Slices slices = new Slices(2, Projection.GAUSSIAN);
        NoiseLevels levels = new NoiseLevels(2, 0.2, 4);
        KnownScore truth = (x, into) -> {
            for (int i = 0; i < x.length; i++) {
                into[i] = -x[i];
            }
        };
        return Stream.<Objective>of(
                        new ExactScoreMatching(),
                        new DenoisingScoreMatching(0.3),
                        new FiniteDifferenceScoreMatching(slices, 0.2),
                        new ExplicitFisherDivergence(truth),
                        new SlicedFisherDivergence(truth, slices),
                        new MultiLevelDenoisingScoreMatching(levels),
                        new MultiLevelVarianceReducedScoreMatching(levels, slices),
                        new CustomObjective("mine", slices, jet -> {
                            jet.quadraticSeeds[0] = 1;
                            jet.projectedSeeds[1] = jet.projected[1];
                            return jet.quadratic[0] + jet.projected[1] * jet.projected[1] / 2;
                        }))
                .flatMap(objective -> Stream.of(
                        TrainingCase.of(true, false).with(objective),
                        TrainingCase.of(false, false).with(objective)));
    }

    /** The random numbers of a step follow from the seed; its sums do not depend on who computes them. */
    @ParameterizedTest
    @MethodSource("everyObjective")
    void everyObjectiveRepeatsAndContinuesBitForBit(TrainingCase training) {
        List<StepResult> results = new ArrayList<>();
        TrainingState wanted = train(training, 1, 12, results);
        assertThat(results).allMatch(StepResult::isFinite);
        assertThat(train(training, 3, 12, new ArrayList<>())).isEqualTo(wanted);
        TrainingState half = train(training, 2, 6, new ArrayList<>());
        try (TrainingRun run = training.open(backend(), half)) {
            run.step(6);
            assertThat(run.state()).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("everyObjective")
    void everyObjectivesPartsAddUp(TrainingCase training) {
        try (TrainingRun run = training.open(backend())) {
            Gradient whole = run.gradient(0, TrainingCase.BATCH);
            Gradient first = run.gradient(0, 11);
            Gradient rest = run.gradient(11, TrainingCase.BATCH);
            assertThat(first.lossSum() + rest.lossSum())
                    .isCloseTo(whole.lossSum(), within(1e-6 * Math.abs(whole.lossSum())));
            double error = 0;
            double size = 0;
            for (int i = 0; i < whole.sum().length; i++) {
                error += Math.pow(first.sum()[i] + rest.sum()[i] - whole.sum()[i], 2);
                size += Math.pow(whole.sum()[i], 2);
            }
            // Finite differences add large numbers of both signs, by the factor 1 / epsilon^2 for an energy.
            boolean differences = training.spec().objective() instanceof FiniteDifferenceScoreMatching;
            assertThat(Math.sqrt(error / size)).isLessThan(differences ? 1e-5 : 1e-6);
        }
    }
}
