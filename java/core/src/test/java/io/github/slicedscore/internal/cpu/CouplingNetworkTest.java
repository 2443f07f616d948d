package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.oracle.EngineCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * NICE against its oracle, under every objective: of even and odd dimension, of one coupling and of several, so that later ones
 * read second-order streams that are not zero.
 */
@ExtendWith(NativeWidth.class)
class CouplingNetworkTest {
    private static final Slices SLICES = new Slices(2, Projection.GAUSSIAN);
    private static final KnownScore TRUTH = (x, into) -> {
        for (int i = 0; i < x.length; i++) {
            into[i] = 0.3 * i - x[i] * x[i];
        }
    };
    private static final List<Nice> NETWORKS = List.of(
            new Nice(5, List.of(6, 4), Activation.SOFTPLUS, 3, Nice.Prior.NORMAL),
            new Nice(2, List.of(3), Activation.TANH, 1, Nice.Prior.LOGISTIC),
            new Nice(4, List.of(35), Activation.SILU, 2, Nice.Prior.LOGISTIC),
            new Nice(7, List.of(9, 5), Activation.SOFTPLUS, 4, Nice.Prior.NORMAL),
            new Nice(3, List.of(), Activation.SOFTPLUS, 2, Nice.Prior.LOGISTIC));

    static List<Objective> objectives() {
        return List.of(
                new MaximumLikelihood(),
                new SlicedScoreMatching(SLICES),
                new VarianceReducedScoreMatching(SLICES),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.4),
                new FiniteDifferenceScoreMatching(SLICES, 0.2),
                new ExplicitFisherDivergence(TRUTH),
                new SlicedFisherDivergence(TRUTH, SLICES));
    }

    private static Backend backend(int threads) {
        return Backends.open("cpu", new BackendOptions(threads, 0));
    }

    @TestFactory
    Stream<DynamicTest> matchesItsOracle() {
        List<Cell> cells = new ArrayList<>();
        for (Nice nice : NETWORKS) {
            for (Objective objective : objectives()) {
                cells.add(new Cell(nice, objective, 4, cells.size()));
            }
        }
        // Two rounds of tangents, the second short.
        Nice wide = new Nice(19, List.of(4), Activation.TANH, 3, Nice.Prior.NORMAL);
        cells.add(new Cell(wide, new ExactScoreMatching(), 3, 1));
        return cells.stream()
                .map(cell -> dynamicTest(cell.toString(), () -> {
                    try (Backend backend = backend(2)) {
                        new EngineCheck(backend, cell.architecture(), cell.parameters(), cell.inputs())
                                .checkAgainstOracle(cell.objective(), cell.directions());
                    }
                }));
    }

    /** Of few parameters, in groups; for two objectives also of so many that the batch has its streams in common. */
    @ParameterizedTest
    @MethodSource("objectives")
    void bitsDependNeitherOnThreadsNorOnInterruptions(Objective objective) {
        boolean costly = objective instanceof VarianceReducedScoreMatching || objective instanceof MaximumLikelihood;
        for (int width : costly ? new int[] {20, 260} : new int[] {20}) {
            Nice nice = new Nice(5, List.of(width, width), Activation.SOFTPLUS, 3, Nice.Prior.NORMAL);
            TrainingSpec spec =
                    new TrainingSpec(nice, objective, new Adam(), new Schedule.Constant(1e-3), 0, 0.9, 37, 8);
            TrainingState whole = train(spec, 1, TrainingState.initial(nice, 8), 4);
            assertThat(train(spec, 3, TrainingState.initial(nice, 8), 4)).isEqualTo(whole);
            assertThat(train(spec, 2, train(spec, 2, TrainingState.initial(nice, 8), 1), 3))
                    .isEqualTo(whole);
        }
    }

    private static TrainingState train(TrainingSpec spec, int threads, TrainingState start, int steps) {
        try (Backend backend = backend(threads);
                TrainingRun run =
                        backend.openTraining(spec, rows(spec.architecture().dimension()), start)) {
            assertThat(run.step(steps).isFinite()).isTrue();
            return run.state();
        }
    }

    private static TrainingRows rows(int dimension) {
        Random random = new Random(5);
        float[] values = new float[101 * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new TrainingRows(values, 101, dimension, 0, new Augmentation(new float[dimension], 0.05f));
    }

    /** From 7 samples' points to rows whose values are the prior's at the points, and log scales. */
    @ParameterizedTest
    @CsvSource({"2,1", "5,2", "6,3", "7,4"})
    void invertsItsMap(int dimension, int couplings) {
        Nice nice = new Nice(dimension, List.of(9, 40), Activation.SOFTPLUS, couplings, Nice.Prior.NORMAL);
        Cell cell = new Cell(nice, new MaximumLikelihood(), 7, 3);
        Kernels kernels = KernelSelection.chosen().kernels();
        CouplingNetwork network = CouplingNetwork.of(kernels, nice);
        network.weights.load(cell.parameters());
        CouplingBuffers buffers = network.buffers(JetShape.VALUE, 7, Reverse.NONE);
        Scratch scratch = kernels.scratch(network.widest(), 7);
        float[][] points = new float[7][];
        for (int n = 0; n < 7; n++) {
            System.arraycopy(cell.inputs(), n * dimension, buffers.latent(n), 0, dimension);
            points[n] = buffers.latent(n).clone();
        }
        network.invert(buffers, 0, 7, scratch);
        network.forward(buffers, 0, 7, scratch);
        for (int n = 0; n < 7; n++) {
            assertThat(buffers.latent(n)).containsExactly(points[n], within(2e-5f));
        }
    }

    /** What lets an update begin before the norm is known. */
    @Test
    void boundOfTheGradient() {
        Nice nice = NETWORKS.get(0);
        Cell cell = new Cell(nice, new MaximumLikelihood(), 5, 3);
        Kernels kernels = KernelSelection.chosen().kernels();
        Network network = Network.of(kernels, nice);
        network.weights.load(cell.parameters());
        NetworkBuffers buffers = network.buffers(new JetShape(2, 1), 5, Reverse.PARAMETERS);
        Random random = new Random(1);
        for (int r = 0; r < buffers.input.length; r++) {
            for (int i = 0; i < 5 && r % 4 < 3; i++) {
                buffers.input[r][i] = (float) random.nextGaussian();
            }
            buffers.outputAdjoint()[r][0] = (float) random.nextGaussian();
        }
        Scratch scratch = kernels.scratch(network.widest(), 20);
        network.forward(buffers, 0, 5, scratch);
        network.reverse(buffers, 0, 5, scratch);
        float[][] sums = network.weights.newPieces();
        for (Weights.Chunk chunk : network.weights.chunks()) {
            network.weightGradient(buffers, 5, chunk, false, sums, 0, scratch);
        }
        float[] flat = network.weights.flatten(sums);
        double square = IntStream.range(0, flat.length)
                .mapToDouble(i -> (double) flat[i] * flat[i])
                .sum();
        assertThat(network.gradientBound(buffers, 0, 5)).isGreaterThanOrEqualTo(Math.sqrt(square));

        buffers.outputAdjoint()[5][0] = Float.NaN;
        network.forward(buffers, 0, 5, scratch);
        network.reverse(buffers, 0, 5, scratch);
        assertThat(network.gradientBound(buffers, 0, 5)).isNotFinite();
    }
}
