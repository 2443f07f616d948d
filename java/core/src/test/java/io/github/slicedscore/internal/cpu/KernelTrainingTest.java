package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Training by the kernels of this JVM, of layers wide enough that threads share them and narrow enough to leave remainders: the
 * same bits whoever computes, and however often it is interrupted. The build runs this once for each set of kernels.
 */
@ExtendWith(NativeWidth.class)
class KernelTrainingTest {
    private static final List<Integer> HIDDEN = List.of(129, 100);
    private static final int BATCH = 65;
    private static final int STEPS = 8;

    /** Below the norm of every gradient here. */
    private static final double CLIP = 0.1;

    private static TrainingSpec spec(boolean energy, boolean varianceReduced, boolean clipped) {
        return spec(HIDDEN, BATCH, energy, varianceReduced, clipped);
    }

    private static TrainingSpec spec(
            List<Integer> hidden, int batch, boolean energy, boolean varianceReduced, boolean clipped) {
        Slices slices = new Slices(varianceReduced ? 1 : 3, Projection.RADEMACHER);
        Architecture architecture = energy
                ? new EnergyMlp(5, 2, hidden, Activation.SOFTPLUS, 2)
                : new ScoreMlp(5, 2, hidden, Activation.SILU);
        Objective objective =
                varianceReduced ? new VarianceReducedScoreMatching(slices) : new SlicedScoreMatching(slices);
        return new TrainingSpec(
                architecture,
                objective,
                new AdamW(0.1),
                new Schedule.Constant(1e-3),
                clipped ? CLIP : 0,
                0.9,
                batch,
                TrainingCase.SEED);
    }

    private static TrainingState start(TrainingSpec spec) {
        return TrainingState.initial(spec.architecture(), spec.seed());
    }

    private static Backend backend(int threads) {
        return Backends.open("cpu", new BackendOptions(threads, 0));
    }

    private static TrainingState train(TrainingSpec spec, int threads, int steps, TrainingState start) {
        try (Backend backend = backend(threads);
                TrainingRun run = backend.openTraining(spec, TrainingCase.rows(), start)) {
            for (int i = 0; i < steps; i++) {
                StepResult result = run.step(1);
                assertThat(result.isFinite()).isTrue();
                assertThat(result.gradientNorm()).isGreaterThan(CLIP);
            }
            return run.state();
        }
    }

    @ParameterizedTest(name = "energy {0}, variance reduced {1}, clipped {2}")
    @CsvSource({
        "false,false,false",
        "false,true,false",
        "true,false,false",
        "true,true,false",
        "false,true,true",
        "true,false,true"
    })
    void bitsDependNeitherOnThreadsNorOnInterruptions(boolean energy, boolean varianceReduced, boolean clipped) {
        TrainingSpec spec = spec(energy, varianceReduced, clipped);
        TrainingState whole = train(spec, 1, STEPS, start(spec));

        assertThat(train(spec, 2, STEPS, start(spec))).as("two threads").isEqualTo(whole);
        assertThat(train(spec, 3, STEPS, start(spec))).as("three threads").isEqualTo(whole);
        TrainingState early = train(spec, 3, 3, start(spec));
        assertThat(train(spec, 2, STEPS - 3, early)).as("interrupted").isEqualTo(whole);
    }

    /** Of so many parameters, a small batch has its streams in common, and a large one is divided into groups. */
    @ParameterizedTest(name = "energy {0}, batch {1}, grouped {2}")
    @CsvSource({"false,65,false", "false,301,true", "true,65,false", "true,301,true"})
    void bitsOfALargeNetworkDoNotDependOnThreadsEither(boolean energy, int batch, boolean grouped) {
        TrainingSpec spec = spec(List.of(300, 450), batch, energy, true, false);
        Network network = Network.of(new PlainKernels(), spec.architecture());
        long rows = (energy ? 3L : 2L) * batch;
        assertThat(GroupedBatchGradient.suits(network, rows)).isEqualTo(grouped);
        TrainingState whole = train(spec, 1, 3, start(spec));

        for (int threads : new int[] {2, 3, 7}) {
            assertThat(train(spec, threads, 3, start(spec)))
                    .as("%d threads", threads)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest(name = "energy {0}, variance reduced {1}, clipped {2}")
    @CsvSource({"false,true,false", "true,false,false", "false,true,true", "true,false,true"})
    void aStepAppliesTheGradientOfTheWholeBatch(boolean energy, boolean varianceReduced, boolean clipped) {
        TrainingSpec spec = spec(energy, varianceReduced, clipped);
        try (Backend backend = backend(2);
                TrainingRun stepped = backend.openTraining(spec, TrainingCase.rows(), start(spec));
                TrainingRun applied = backend.openTraining(spec, TrainingCase.rows(), start(spec))) {
            for (int i = 0; i < STEPS; i++) {
                StepResult wanted = stepped.step(1);
                StepResult found = applied.apply(applied.gradient(0, BATCH));
                assertThat(found.step()).isEqualTo(wanted.step());
                assertThat(found.loss()).isCloseTo(wanted.loss(), within(1e-5 * Math.abs(wanted.loss())));
                assertThat(found.gradientNorm()).isCloseTo(wanted.gradientNorm(), within(1e-5 * wanted.gradientNorm()));
            }
            assertClose(applied.state().parameters(), stepped.state().parameters());
            assertClose(applied.state().average(), stepped.state().average());
        }
    }

    private static void assertClose(float[] found, float[] wanted) {
        assertThat(Deviation.relativeNorm(Floats.widen(found), Floats.widen(wanted)))
                .isLessThanOrEqualTo(1e-5);
    }
}
