package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.BatchOrder;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.EngineCheck;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.KernelCase;
import io.github.slicedscore.oracle.KernelOracle;
import io.github.slicedscore.oracle.Oracle;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training of deep kernel energies on the processor against their reference: through the solve for the coefficients, and after it. */
@ExtendWith(NativeWidth.class)
class DeepKernelTrainingTest {
    private static final int DIMENSION = 2;
    private static final int ROWS = 30;
    private static final int BATCH = 11;
    private static final int SOLVED = 5;
    private static final long SEED = 12;

    private static Backend backend;

    private final KernelCase energy = KernelCase.of(DIMENSION, 4, 3);
    private final TrainingRows rows = rows(ROWS, 7);

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static List<Objective> objectives() {
        return KernelCase.objectives();
    }

    private static TrainingRows rows(int count, long seed) {
        return rows(count, DIMENSION, seed);
    }

    private static TrainingRows rows(int count, int dimension, long seed) {
        float[] values = new float[count * dimension];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new TrainingRows(values, count, dimension, 0, Augmentation.none(dimension));
    }

    private static TrainingSpec spec(DeepKernelEnergy energy, Objective objective, int batch) {
        return new TrainingSpec(energy, objective, new Adam(), new Schedule.Constant(0.01), 100, 0, batch, SEED);
    }

    private TrainingRun run(Objective objective) {
        TrainingSpec spec = spec(energy.energy(), objective, BATCH);
        return backend.openTraining(spec, rows, TrainingState.at(energy.parameters()));
    }

    private Oracle.Batch drawn(Objective objective, int from, int to) {
        return drawn(rows, objective, BATCH, from, to);
    }

    /** The rows at some positions of the first batch and their directions, as the run draws them. */
    private static Oracle.Batch drawn(TrainingRows rows, Objective objective, int batch, int from, int to) {
        int count = to - from;
        int dimension = rows.dimension();
        double[] inputs = new double[count * dimension];
        double[] directions = new double[objective.directions() * count * dimension];
        BatchOrder order = new BatchOrder(SEED, rows.rows());
        Philox philox = new Philox();
        float[] drawn = new float[dimension];
        for (int i = 0; i < count; i++) {
            int row = order.row(0, batch, from + i);
            for (int d = 0; d < dimension; d++) {
                inputs[i * dimension + d] = rows.values()[row * dimension + d];
            }
            for (int k = 0; k < objective.directions(); k++) {
                objective.draw(philox, SEED, from + i, k, 0, drawn, dimension);
                for (int d = 0; d < dimension; d++) {
                    directions[(k * count + i) * dimension + d] = drawn[d];
                }
            }
        }
        return new Oracle.Batch(inputs, directions);
    }

    /** More columns than tangents at a time: the streams of all rounds are not kept, but made again. */
    @Test
    void gradientsOfSeveralRounds() {
        KernelCase wide = KernelCase.of(17, 2, 4);
        TrainingRows many = rows(5, 17, 9);
        for (Objective objective :
                List.of(objectives().get(1), objectives().get(2), objectives().get(3))) {
            Oracle.Result expected = wide.oracle()
                    .evaluateSolved(objective, drawn(many, objective, 4, 0, 2), drawn(many, objective, 4, 2, 4));
            TrainingSpec spec = spec(wide.energy(), objective, 4);
            try (TrainingRun run = backend.openTraining(spec, many, TrainingState.at(wide.parameters()))) {
                Gradient gradient = run.gradient(0, 4);
                double[] mean = Arrays.stream(Floats.widen(gradient.sum()))
                        .map(sum -> sum / 2)
                        .toArray();
                assertThat(Deviation.relativeNorm(mean, expected.gradient()))
                        .as("%s", objective)
                        .isLessThan(EngineCheck.GRADIENT);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientsGoThroughTheSolve(Objective objective) {
        Oracle.Result expected =
                energy.oracle().evaluateSolved(objective, drawn(objective, 0, SOLVED), drawn(objective, SOLVED, BATCH));
        double more = objective instanceof FiniteDifferenceScoreMatching ? 100 * Math.ulp(1f) / (0.3 * 0.3) : 0;
        try (TrainingRun run = run(objective)) {
            Gradient whole = run.gradient(0, BATCH);
            assertThat(whole.rows()).isEqualTo(BATCH - SOLVED);
            assertThat(whole.lossSum() / whole.rows())
                    .isCloseTo(expected.mean(), within(EngineCheck.LOSS * Math.abs(expected.mean()) + 1e-6 + more));
            double[] mean = Arrays.stream(Floats.widen(whole.sum()))
                    .map(sum -> sum / whole.rows())
                    .toArray();
            assertThat(Deviation.relativeNorm(mean, expected.gradient())).isLessThan(EngineCheck.GRADIENT + more);
            for (var tensor : energy.energy().layout().tensors()) {
                int to = tensor.offset() + tensor.size();
                double[] wanted = Arrays.copyOfRange(expected.gradient(), tensor.offset(), to);
                double[] actual = Arrays.copyOfRange(mean, tensor.offset(), to);
                if (tensor.name().equals("coefficients")) {
                    assertThat(actual).containsOnly(0);
                } else if (!tensor.name()
                        .endsWith("layers.2.bias")) { // Those move all features alike, which changes nothing.
                    assertThat(Deviation.relativeNorm(actual, wanted))
                            .as("%s", tensor.name())
                            .isLessThan(1e-3);
                }
            }

            Gradient first = run.gradient(0, SOLVED + 2);
            Gradient second = run.gradient(SOLVED + 2, BATCH);
            assertThat(first.rows() + second.rows()).isEqualTo(whole.rows());
            assertThat(first.lossSum() + second.lossSum()).isCloseTo(whole.lossSum(), within(1e-4));
            double[] parts = new double[mean.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = (first.sum()[i] + second.sum()[i]) / whole.rows();
            }
            assertThat(Deviation.relativeNorm(parts, mean)).isLessThan(1e-5);
            assertThat(run.gradient(0, SOLVED)).satisfies(none -> {
                assertThat(none.rows()).isZero();
                assertThat(none.sum()).containsOnly(0);
            });
            assertThat(run.gradient(0, BATCH).sum()).containsExactly(whole.sum());
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aStepIsTheApplicationOfItsGradient(Objective objective) {
        try (TrainingRun run = run(objective);
                TrainingRun other = run(objective)) {
            StepResult step = run.step(1);
            StepResult applied = other.apply(other.gradient(0, BATCH));
            assertThat(applied.loss()).isEqualTo(step.loss());
            assertThat(applied.gradientNorm()).isEqualTo(step.gradientNorm());
            assertThat(other.state()).isEqualTo(run.state());
        }
    }

    @Test
    void goesOnBitForBitOnAnyNumberOfThreads() {
        for (Objective objective : objectives()) {
            TrainingState state;
            Parameters parameters;
            try (TrainingRun run = run(objective)) {
                run.step(6);
                state = run.state();
                parameters = run.parameters();
            }
            TrainingSpec spec = spec(energy.energy(), objective, BATCH);
            for (int threads : new int[] {1, 3, 16}) {
                try (Backend other = Backends.open("cpu", new BackendOptions(threads, 0))) {
                    TrainingState half;
                    try (TrainingRun run = other.openTraining(spec, rows, TrainingState.at(energy.parameters()))) {
                        run.step(3);
                        half = run.state();
                    }
                    try (TrainingRun run = other.openTraining(spec, rows, half)) {
                        // Often, as it takes chance for a thread beyond the number of groups of rows to get one.
                        for (int i = 0; i < 20; i++) {
                            run.parameters();
                        }
                        run.step(3);
                        assertThat(run.state())
                                .as("%s, %d threads", objective, threads)
                                .isEqualTo(state);
                        assertThat(run.parameters()).isEqualTo(parameters);
                    }
                }
            }
        }
    }

    /** Judged and finished models, which without noise and slices are a minimum on all of these few rows. */
    @Test
    void coefficientsOfModelsAreTheMinimum() {
        Objective objective = new ExactScoreMatching();
        Oracle.Batch all = new Oracle.Batch(Floats.widen(rows.values()), new double[0]);
        double[] expected = energy.oracle().solve(objective, all);
        try (TrainingRun run = run(objective)) {
            assertThat(Deviation.ofScale(coefficients(run.parameters()), expected))
                    .isLessThan(1e-4);
            assertThat(Deviation.ofScale(coefficients(run.finished(energy.parameters(), null)), expected))
                    .isLessThan(1e-4);
            assertThat(logRegularizer(run.finished(energy.parameters(), null)))
                    .isEqualTo(logRegularizer(energy.parameters()));
            run.step(1);
            Parameters moved = run.parameters();
            KernelOracle oracle = new KernelOracle(energy.energy(), Floats.widen(moved.toArray()));
            assertThat(Deviation.ofScale(coefficients(moved), oracle.solve(objective, all)))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void theRegularizerIsTunedOnHeldOutRows() {
        Objective objective = new ExactScoreMatching();
        TrainingRows held = rows(20, 8);
        Oracle.Batch all = new Oracle.Batch(Floats.widen(rows.values()), new double[0]);
        Oracle.Batch validation = new Oracle.Batch(Floats.widen(held.values()), new double[0]);
        Parameters finished;
        try (TrainingRun run = run(objective)) {
            finished = run.finished(energy.parameters(), held);
        }
        KernelOracle oracle = new KernelOracle(energy.energy(), Floats.widen(finished.toArray()));
        assertThat(Deviation.ofScale(coefficients(finished), oracle.solve(objective, all)))
                .isLessThan(1e-4);
        double before = mean(
                energy.oracle().losses(objective, validation, energy.oracle().solve(objective, all)));
        double after = mean(oracle.losses(objective, validation, coefficients(finished)));
        assertThat(after).isLessThan(before);
        // All else stays.
        int at = energy.energy().layout().tensor("log_regularizer").offset();
        assertThat(Arrays.copyOf(finished.toArray(), at))
                .containsExactly(Arrays.copyOf(energy.parameters().toArray(), at));
        assertThat(Math.abs(logRegularizer(finished) - logRegularizer(energy.parameters())))
                .isBetween(0.01, 1.1);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private double[] coefficients(Parameters parameters) {
        var tensor = energy.energy().layout().tensor("coefficients");
        float[] values = parameters.toArray();
        return Floats.widen(Arrays.copyOfRange(values, tensor.offset(), tensor.offset() + tensor.size()));
    }

    private double logRegularizer(Parameters parameters) {
        return parameters.get(energy.energy().layout().tensor("log_regularizer").offset());
    }

    @Test
    void startsAtDistinctRows() {
        Parameters start = Parameters.initialize(energy.energy(), SEED, rows);
        int from = energy.energy().layout().tensor("inducing_points").offset();
        Set<List<Float>> known = new HashSet<>();
        for (int row = 0; row < ROWS; row++) {
            known.add(List.of(rows.values()[2 * row], rows.values()[2 * row + 1]));
        }
        Set<List<Float>> points = new HashSet<>();
        for (int l = 0; l < 4; l++) {
            points.add(List.of(start.get(from + 2 * l), start.get(from + 2 * l + 1)));
        }
        assertThat(points).hasSize(4).isSubsetOf(known);
        assertThat(TrainingState.initial(energy.energy(), SEED, rows).parameters())
                .containsExactly(start.toArray());
        // Of the many points that there are no rows for, the rest are drawn.
        DeepKernelEnergy many = KernelCase.of(DIMENSION, ROWS + 2, 1).energy();
        Parameters drawn = Parameters.initialize(many, SEED);
        int last = many.layout().tensor("inducing_points").offset() + 2 * ROWS;
        assertThat(Parameters.initialize(many, SEED, rows).get(last)).isEqualTo(drawn.get(last));
    }

    @Test
    void trains() {
        DeepKernelEnergy network = KernelCase.of(DIMENSION, 20, 1).energy();
        TrainingRows many = rows(400, 3);
        TrainingSpec spec = spec(network, new ExactScoreMatching(), 100);
        try (TrainingRun run = backend.openTraining(spec, many, TrainingState.initial(network, SEED, many))) {
            double first = run.step(1).loss();
            run.step(150);
            double sum = 0;
            for (int i = 0; i < 50; i++) {
                sum += run.step(1).loss();
            }
            // The least of a standard normal is -D / 2; with the base alone it is -0.44.
            assertThat(sum / 50).isBetween(-1.1, -0.7).isLessThan(first);
        }
    }

    @Test
    void refusesWhatItCannotSolve() {
        Objective custom = new CustomObjective("mine", new Slices(1, Projection.RADEMACHER), jet -> 0);
        assertThatThrownBy(() -> run(custom))
                .isInstanceOf(NotSupportedException.class)
                .hasMessageContaining("ssm, ssm-vr, exact, dsm and fd-ssm");
        TrainingSpec one = spec(energy.energy(), new ExactScoreMatching(), 1);
        assertThatThrownBy(() -> backend.openTraining(one, rows, TrainingState.at(energy.parameters())))
                .hasMessageContaining("at least two rows, not 1");
    }

    /** No coefficients: the loss is not a number, nothing changes. */
    @Test
    void aSystemThatIsNotFiniteIsALossThatIsNot() {
        float[] values = energy.parameters().toArray();
        values[energy.energy().layout().tensor("log_regularizer").offset()] = Float.POSITIVE_INFINITY;
        TrainingState start = TrainingState.at(Parameters.of(energy.energy(), values));
        TrainingSpec spec = spec(energy.energy(), new ExactScoreMatching(), BATCH);
        try (TrainingRun run = backend.openTraining(spec, rows, start)) {
            StepResult result = run.step(3);
            assertThat(result.isFinite()).isFalse();
            assertThat(run.step()).isZero();
            assertThat(run.state()).isEqualTo(start);
            assertThat(run.finished(Parameters.of(energy.energy(), values), null)
                            .toArray())
                    .containsExactly(values);
        }
    }
}
