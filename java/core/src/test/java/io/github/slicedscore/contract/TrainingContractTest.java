package io.github.slicedscore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.Optimizer;
import io.github.slicedscore.optim.Schedule;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training run of every backend owes. */
public abstract class TrainingContractTest {
    /** An open backend, the same for all tests of the class. */
    protected abstract Backend backend();

    /** Another of the same kind, for a test that closes it. */
    protected abstract Backend another();

    /**
     * A training with everything switched on, of the networks that the tests are about.
     *
     * @param energy which of two networks: here an energy or a score network
     * @param objective ssm, ssm-vr, exact or dsm
     */
    protected TrainingCase training(boolean energy, String objective) {
        return TrainingCase.of(energy, objective);
    }

    /** Of those networks some whose activations have kinks. */
    protected List<Architecture> kinked() {
        return List.of(
                new ScoreMlp(5, 2, List.of(8), Activation.RELU),
                new EnergyMlp(5, 2, List.of(8), Activation.RELU, 0),
                new EnergyMlp(5, 2, List.of(8), Activation.ELU, 0));
    }

    /** How many losses a gradient over rows of the batch is the sum of: all of them, unless some rows are for something else. */
    protected int losses(int from, int to) {
        return to - from;
    }

    /** How many parameters follow the optimiser, the first ones: all of them, unless some follow from the others. */
    protected int descending(Architecture architecture) {
        return ParameterLayout.of(architecture).size();
    }

    /** One network under SSM-VR with plain Adam at a constant rate. */
    private TrainingCase plain() {
        return training(false, "ssm-vr").with(new Adam(), new Schedule.Constant(5e-3), 0, 0);
    }

    @Test
    void namesItsKernels() {
        try (TrainingRun run = plain().open(backend())) {
            assertNamesKernels(run);
        }
    }

    /** Whether a run names its backend's kernels, and which of them where there are several. */
    protected void assertNamesKernels(TrainingRun run) {
        assertThat(run.kernels()).isEqualTo(backend().kernels());
    }

    @Test
    void manyStepsAtOnceAreThatManySingleSteps() {
        TrainingCase training = training(true, "ssm-vr");
        try (TrainingRun single = training.open(backend());
                TrainingRun together = training.open(backend())) {
            StepResult last = single.step(1);
            for (int i = 1; i < 20; i++) {
                last = single.step(1);
            }
            assertThat(together.step(20)).isEqualTo(last);
            assertThat(together.step()).isEqualTo(20);
            assertThat(together.state()).isEqualTo(single.state());
        }
    }

    @Test
    void everyStepsResultIsKept() {
        TrainingCase training = training(false, "ssm-vr");
        StepResults results = new StepResults();
        try (TrainingRun single = training.open(backend());
                TrainingRun together = training.open(backend())) {
            for (int count : new int[] {5, 1, 3}) {
                together.step(count, results);
                assertThat(results.size()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    StepResult wanted = single.step(1);
                    assertThat(results.get(i)).isEqualTo(wanted);
                    assertThat(results.loss(i)).isEqualTo(wanted.loss());
                    assertThat(results.gradientNorm(i)).isEqualTo(wanted.gradientNorm());
                }
                int beyond = count;
                assertThatThrownBy(() -> results.loss(beyond)).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(together.state()).isEqualTo(single.state());
            assertThatThrownBy(() -> together.step(0, results)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The first step makes the parameters so large that the second finds no loss. */
    @Test
    void whatIsNotFiniteIsTheLastResult() {
        TrainingCase plain = plain();
        TrainingCase training = plain.with(plain.optimizer(), new Schedule.Constant(1e30), 0, 0);
        StepResults results = new StepResults();
        try (TrainingRun run = training.open(backend())) {
            run.step(5, results);
            assertThat(results.size()).isEqualTo(2);
            assertThat(results.get(0).isFinite()).isTrue();
            assertThat(results.get(0).step()).isEqualTo(1);
            assertThat(results.get(1).isFinite()).isFalse();
            assertThat(results.get(1).step()).isEqualTo(1);
            assertThat(run.step()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "energy {0}, {1}")
    @CsvSource({"false,ssm-vr", "true,ssm-vr", "false,dsm", "true,exact"})
    void continuesBitForBitFromItsState(boolean energy, String objective) {
        TrainingCase training = training(energy, objective);
        try (TrainingRun whole = training.open(backend());
                TrainingRun half = training.open(backend())) {
            whole.step(50);
            half.step(20);
            TrainingState saved = half.state();
            half.step(5); // what was saved is a copy
            try (TrainingRun resumed = training.open(backend(), saved)) {
                assertThat(resumed.step()).isEqualTo(20);
                resumed.step(30);
                assertThat(resumed.state()).isEqualTo(whole.state());
                assertThat(resumed.parameters()).isEqualTo(whole.parameters());
            }
        }
    }

    @Test
    void stepIsApplyOfTheWholeBatchsGradient() {
        TrainingCase training = training(true, "ssm");
        try (TrainingRun stepped = training.open(backend());
                TrainingRun applied = training.open(backend())) {
            for (int i = 0; i < 10; i++) {
                StepResult wanted = stepped.step(1);
                StepResult found = applied.apply(applied.gradient(0, TrainingCase.BATCH));
                assertThat(found.step()).isEqualTo(wanted.step());
                assertThat(found.loss()).isCloseTo(wanted.loss(), within(1e-6 * Math.abs(wanted.loss())));
                assertThat(found.gradientNorm()).isCloseTo(wanted.gradientNorm(), within(1e-6 * wanted.gradientNorm()));
            }
            assertClose(applied.state().parameters(), stepped.state().parameters(), 1e-5);
        }
    }

    @ParameterizedTest(name = "energy {0}, {1}")
    @MethodSource("io.github.slicedscore.contract.TrainingCase#choices")
    void gradientsOfPartsAddUp(boolean energy, String objective) {
        TrainingCase training = training(energy, objective);
        try (TrainingRun run = training.open(backend())) {
            run.step(3);
            Gradient whole = run.gradient(0, TrainingCase.BATCH);
            Gradient left = run.gradient(0, 13);
            Gradient right = run.gradient(13, TrainingCase.BATCH);
            assertThat(whole.rows()).isEqualTo(losses(0, TrainingCase.BATCH));
            assertThat(left.rows()).isEqualTo(losses(0, 13));
            assertThat(left.rows() + right.rows()).isEqualTo(whole.rows());
            assertThat(left.lossSum() + right.lossSum())
                    .isCloseTo(whole.lossSum(), within(1e-6 * Math.abs(whole.lossSum())));
            float[] sum = left.sum().clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += right.sum()[i];
            }
            assertClose(sum, whole.sum(), 1e-5 * norm(whole.sum()));
            assertThat(run.step()).isEqualTo(3);
            assertThat(run.gradient(0, TrainingCase.BATCH).sum()).containsExactly(whole.sum());
        }
    }

    /** Adam's and AdamW's formulas in double precision, fed with the run's own gradients. */
    @ParameterizedTest(name = "decay {0}")
    @CsvSource({"0", "0.3"})
    void updatesAsAdamSays(double decay) {
        Optimizer optimizer = decay == 0 ? new Adam() : new AdamW(decay);
        // Every step has a rate of its own, so a schedule that is read at another step shows.
        Schedule schedule = new Schedule.WarmUp(5, new Schedule.Cosine(2e-2, 30));
        TrainingCase training = plain().with(optimizer, schedule, 0, 0);
        double[] p = widen(training.start().parameters());
        int descending = descending(training.architecture());
        double[] m = new double[p.length];
        double[] v = new double[p.length];
        try (TrainingRun run = training.open(backend())) {
            for (int t = 1; t <= 30; t++) {
                Gradient gradient = run.gradient(0, TrainingCase.BATCH);
                double rate = t <= 5 ? t / 5.0 : 1;
                rate *= 1e-2 * (1 + Math.cos(Math.PI * (t - 1) / 30));
                for (int i = 0; i < p.length; i++) {
                    double g = gradient.sum()[i] / (double) losses(0, TrainingCase.BATCH);
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    double mean = m[i] / (1 - Math.pow(0.9, t));
                    double variance = v[i] / (1 - Math.pow(0.999, t));
                    p[i] = p[i] * (1 - rate * decay) - rate * mean / (Math.sqrt(variance) + 1e-8);
                }
                run.step(1);
                TrainingState state = run.state();
                assertClose(Arrays.copyOf(state.parameters(), descending), Arrays.copyOf(narrow(p), descending), 2e-5);
                assertClose(state.firstMoment(), narrow(m), 1e-5);
                assertClose(state.secondMoment(), narrow(v), 1e-4);
            }
        }
    }

    @Test
    void clippingScalesLongGradientsAndLeavesShortOnes() {
        double norm = firstMomentNorm(0);
        assertThat(firstMomentNorm(0.25 * norm)).isCloseTo(0.25 * norm, within(1e-4 * norm));
        assertThat(firstMomentNorm(0.99 * norm)).isCloseTo(0.99 * norm, within(1e-4 * norm));
        assertThat(firstMomentNorm(1.01 * norm)).isCloseTo(norm, within(1e-4 * norm));
    }

    @Test
    void anInfiniteClippingNormClipsNothing() {
        TrainingCase plain = plain();
        TrainingCase infinite = plain.with(plain.optimizer(), plain.schedule(), Double.POSITIVE_INFINITY, 0);
        try (TrainingRun wanted = plain.open(backend());
                TrainingRun found = infinite.open(backend())) {
            assertThat(found.step(3)).isEqualTo(wanted.step(3));
            assertThat(found.state()).isEqualTo(wanted.state());
        }
    }

    /** Norm of the gradient that reached Adam in step 1: its first moment is a tenth of it. */
    private double firstMomentNorm(double clip) {
        TrainingCase training = plain().with(new Adam(), new Schedule.Constant(1e-3), clip, 0);
        try (TrainingRun run = training.open(backend())) {
            Gradient gradient = run.gradient(0, TrainingCase.BATCH);
            StepResult result = run.step(1);
            // What is reported is the norm before clipping.
            assertThat(result.gradientNorm())
                    .isCloseTo(
                            norm(gradient.sum()) / losses(0, TrainingCase.BATCH), within(1e-5 * result.gradientNorm()));
            return norm(run.state().firstMoment()) / 0.1;
        }
    }

    @Test
    void averageFollowsTheParameters() {
        double decay = 0.8;
        TrainingCase training = plain().with(new Adam(), new Schedule.Constant(1e-2), 0, decay);
        double[] average = widen(training.start().parameters());
        try (TrainingRun run = training.open(backend())) {
            for (int t = 0; t < 20; t++) {
                run.step(1);
                TrainingState state = run.state();
                for (int i = 0; i < average.length; i++) {
                    average[i] = decay * average[i] + (1 - decay) * state.parameters()[i];
                }
                assertClose(state.average(), narrow(average), 2e-6);
                assertModelHas(run, training, state.average());
                assertThat(state.average()).isNotEqualTo(state.parameters());
            }
        }
    }

    @Test
    void withoutAverageTheParametersAreTheModel() {
        TrainingCase training = plain();
        try (TrainingRun run = training.open(backend())) {
            run.step(5);
            assertModelHas(run, training, run.state().parameters());
            assertThat(run.state().average()).containsExactly(run.state().parameters());
        }
    }

    private void assertModelHas(TrainingRun run, TrainingCase training, float[] wanted) {
        int descending = descending(training.architecture());
        assertThat(Arrays.copyOf(run.parameters().toArray(), descending))
                .containsExactly(Arrays.copyOf(wanted, descending));
    }

    @ParameterizedTest(name = "energy {0}, {1}")
    @MethodSource("io.github.slicedscore.contract.TrainingCase#choices")
    void parametersThatOverflowStayAsTheyAre(boolean energy, String objective) {
        TrainingCase training = training(energy, objective);
        float[] huge = training.start().parameters();
        Arrays.fill(huge, 1e30f);
        TrainingState state = TrainingState.at(Parameters.of(training.architecture(), huge));
        try (TrainingRun run = training.open(backend(), state)) {
            assertDiverged(run, state, run.step(10));
        }
    }

    @Test
    void dataThatOverflowLeaveTheParametersAsTheyAre() {
        TrainingCase training = training(true, "ssm-vr");
        TrainingRows rows = training.data();
        Arrays.fill(rows.values(), 1e38f);
        TrainingState state = training.start();
        try (TrainingRun run = backend().openTraining(training.spec(), rows, state)) {
            assertDiverged(run, state, run.step(1));
        }
    }

    /** A gradient that a float holds, but not its square: Adam's second moment would be infinite and stay so. */
    @Test
    void gradientsWhoseSquareOverflowsCountAsInfinite() {
        TrainingCase training = plain();
        TrainingState state = training.start();
        float[] sum = new float[state.parameters().length];
        Arrays.fill(sum, 1e25f);
        try (TrainingRun run = training.open(backend())) {
            assertDiverged(run, state, run.apply(new Gradient(sum, 1, 1)));
            sum[7] = Float.NaN;
            assertDiverged(run, state, run.apply(new Gradient(sum, 1, 1)));
            sum[7] = Float.POSITIVE_INFINITY;
            assertDiverged(run, state, run.apply(new Gradient(sum, 1, 1)));
        }
        TrainingCase clipped = training.with(training.optimizer(), training.schedule(), 1, 0);
        try (TrainingRun run = clipped.open(backend())) {
            assertDiverged(run, state, run.apply(new Gradient(sum, 1, 1)));
            sum[7] = 1e25f;
            assertThat(run.apply(new Gradient(sum, 1, 1)).isFinite())
                    .as("clipped to 1")
                    .isTrue();
            for (float v : run.state().secondMoment()) {
                assertThat(v).isFinite();
            }
        }
    }

    private static void assertDiverged(TrainingRun run, TrainingState before, StepResult result) {
        assertThat(result.isFinite()).isFalse();
        assertThat(result.step()).isEqualTo(before.step());
        assertThat(run.step()).isEqualTo(before.step());
        assertThat(run.state()).isEqualTo(before);
    }

    @Test
    void useAfterCloseThrows() {
        TrainingRun run = plain().open(backend());
        Gradient gradient = run.gradient(0, 1);
        run.close();
        run.close();
        assertThatThrownBy(() -> run.step(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> run.gradient(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.apply(gradient)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(run::state).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(run::parameters).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTheBackendClosesWhatItOpened() {
        TrainingCase training = plain();
        Backend other = another();
        TrainingRun run = training.open(other);
        var scorer = other.openScorer(training.architecture(), Parameters.initialize(training.architecture(), 1));
        other.close();
        other.close();
        assertThatThrownBy(() -> run.step(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> scorer.evaluate(
                        new float[training.architecture().inputs()], 1, null, new float[TrainingCase.DIMENSION]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesActivationsWithKinks() {
        TrainingCase training = plain();
        for (Architecture architecture : kinked()) {
            assertThatThrownBy(() -> training.on(architecture).open(backend()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(architecture.activation().id())
                    .hasMessageContaining("softplus");
        }
    }

    @Test
    void refusesSizesThatDoNotFit() {
        TrainingCase training = plain();
        TrainingRows narrow = new TrainingRows(new float[12], 2, 4, 2, Augmentation.none(4));
        assertThatThrownBy(() -> backend().openTraining(training.spec(), narrow, training.start()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows of 4 + 2 columns do not fit a network of 5 + "
                        + training.architecture().conditions());
        TrainingState small = new TrainingState(0, new float[3], new float[3], new float[3], new float[3]);
        assertThatThrownBy(() -> training.open(backend(), small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 parameters");
        try (TrainingRun run = training.open(backend())) {
            assertThatThrownBy(() -> run.step(0)).isInstanceOf(IllegalArgumentException.class);
            for (int[] range : new int[][] {{-1, 3}, {3, 3}, {5, 4}, {0, TrainingCase.BATCH + 1}}) {
                assertThatThrownBy(() -> run.gradient(range[0], range[1]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("batch of 37");
            }
            int size = training.start().parameters().length;
            assertThatThrownBy(() -> run.apply(new Gradient(new float[size - 1], 0, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(size + " parameters");
            assertThatThrownBy(() -> run.apply(new Gradient(new float[size], 0, 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0 rows");
        }
    }

    private static double norm(float[] values) {
        double square = 0;
        for (float value : values) {
            square += (double) value * value;
        }
        return Math.sqrt(square);
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static float[] narrow(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    private static void assertClose(float[] found, float[] wanted, double tolerance) {
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).as("number %d", i).isCloseTo(wanted[i], within(tolerance));
        }
    }
}
