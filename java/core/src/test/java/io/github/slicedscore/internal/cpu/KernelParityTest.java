package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.Oracle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The kernels of this JVM against the oracle, at sizes that leave every kind of remainder: gradients to the precision that
 * each set of kernels promises. The build runs this once for each set.
 */
@ExtendWith(NativeWidth.class)
class KernelParityTest {
    private static final long SEED = 20190517;
    private static final int[] WIDTHS = {1, 3, 31, 33, 100, 129};
    private static final int[] ROWS = {1, 7, 65};
    private static final int[] DIMENSIONS = {1, 2, 17, 40};

    private static final List<Activation> ACTIVATIONS = Stream.of(Activation.values())
            .filter(activation -> activation != Activation.RELU && activation != Activation.ELU)
            .toList();

    private static final NoiseLevels LEVELS = new NoiseLevels(2, 0.2, 5);
    private static final List<MlpOptions> OPTIONS = List.of(
            MlpOptions.NONE,
            MlpOptions.NONE,
            MlpOptions.NONE.withResidual(true),
            MlpOptions.NONE.withFourier(new FourierFeatures(5, 1.5, 3)),
            MlpOptions.NONE.withNoiseLevels(LEVELS));

    /** Largest error of a gradient, relative in the Euclidean norm. */
    private static final double VECTORS = 5e-6;

    private static final double PLAIN = 1e-5;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void theKernelsAreThoseThatWereAskedFor() {
        String asked = System.getProperty(KernelSelection.PROPERTY, "plain");
        assertThat(KernelSelection.chosen().name()).isEqualTo(asked);
        assertThat(backend.kernels()).isEqualTo("cpu-" + asked);
    }

    @TestFactory
    Stream<DynamicTest> gradientsMatchTheOracle() {
        return cells().stream().map(cell -> dynamicTest(cell.toString(), () -> check(cell)));
    }

    private static void check(Cell cell) {
        Architecture architecture = cell.architecture();
        float[] parameters = cell.parameters();
        Oracle.Result expected = new Oracle(architecture, Floats.widen(parameters))
                .evaluate(
                        cell.objective(),
                        new Oracle.Batch(Floats.widen(cell.inputs()), Floats.widen(cell.directions())));
        try (ObjectiveFunction function = backend.openObjective(architecture, cell.objective())) {
            Evaluation actual =
                    function.evaluate(Parameters.of(architecture, parameters), cell.inputs(), cell.directions());
            assertThat(Deviation.relativeNorm(Floats.widen(actual.gradient()), expected.gradient()))
                    .isLessThanOrEqualTo(KernelSelection.chosen().bits() == 0 ? PLAIN : VECTORS);
        }
    }

    /** Every objective and kind of network at every width and number of rows; the rest is random. */
    private static List<Cell> cells() {
        Random random = new Random(SEED);
        List<Cell> cells = new ArrayList<>();
        for (int width : WIDTHS) {
            for (int rows : ROWS) {
                for (Objective objective : objectives()) {
                    cells.add(cell(false, objective, width, rows, random));
                    cells.add(cell(true, objective, width, rows, random));
                }
            }
        }
        return cells;
    }

    private static List<Objective> objectives() {
        Slices one = new Slices(1, Projection.RADEMACHER);
        Slices three = new Slices(3, Projection.GAUSSIAN);
        return List.of(
                new VarianceReducedScoreMatching(one),
                new VarianceReducedScoreMatching(three),
                new SlicedScoreMatching(one),
                new SlicedScoreMatching(three),
                new ExactScoreMatching());
    }

    /** What the grid leaves open is random; exact objectives of large batches stay small, because the oracle is slow. */
    private static Cell cell(boolean energy, Objective objective, int width, int rows, Random random) {
        List<Integer> hidden = Collections.nCopies(1 + random.nextInt(3), width);
        Activation activation = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
        MlpOptions options = OPTIONS.get(random.nextInt(OPTIONS.size()));
        boolean large = objective instanceof ExactScoreMatching && rows * width > 1000;
        int dimension = DIMENSIONS[random.nextInt(large ? 2 : DIMENSIONS.length)];
        int conditions = options.noiseLevels().isPresent() ? 2 : random.nextInt(2);
        return new Cell(
                energy
                        ? new EnergyMlp(dimension, conditions, hidden, activation, 2 * random.nextInt(2), options)
                        : new ScoreMlp(dimension, conditions, hidden, activation, options),
                objective,
                rows,
                random.nextLong());
    }
}
