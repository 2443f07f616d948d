package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The processor's engine against the oracle on random networks of awkward sizes. Every pair of choices below occurs in some
 * cell. A failing test's name holds all that is needed to run it again.
 */
class EngineParityTest {
    private static final long SEED = 20190517;
    private static final int[] DIMENSIONS = {1, 3, 17};
    private static final int[] WIDTHS = {1, 31, 33, 129};
    private static final int[] ROWS = {1, 7, 65};
    private static final int[] CONDITIONS = {0, 2};
    private static final double[] BASES = {0, 2};
    /** How many choices each of a cell's factors has, in the order of {@link Cell#of}. */
    private static final int[] CHOICES = {
        2,
        2,
        Activation.values().length,
        DIMENSIONS.length,
        WIDTHS.length,
        4,
        ROWS.length,
        3,
        3,
        CONDITIONS.length,
        BASES.length
    };

    private static Backend backend;

    private record Cell(Architecture architecture, Objective objective, int rows, long seed) {
        static Cell of(int[] choice, long seed) {
            int dimension = DIMENSIONS[choice[3]];
            int conditions = CONDITIONS[choice[9]];
            Activation activation = Activation.values()[choice[2]];
            List<Integer> hidden = IntStream.range(0, choice[5])
                    .mapToObj(layer -> WIDTHS[(choice[4] + layer) % WIDTHS.length])
                    .toList();
            Slices slices = new Slices(1 + choice[7], Projection.values()[choice[8]]);
            return new Cell(
                    choice[0] == 0
                            ? new ScoreMlp(dimension, conditions, hidden, activation)
                            : new EnergyMlp(dimension, conditions, hidden, activation, BASES[choice[10]]),
                    choice[1] == 0 ? new SlicedScoreMatching(slices) : new VarianceReducedScoreMatching(slices),
                    ROWS[choice[6]],
                    seed);
        }
    }

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @TestFactory
    Stream<DynamicTest> engineMatchesOracle() {
        List<int[]> choices = pairwise(new Random(SEED));
        assertThat(choices).hasSizeLessThanOrEqualTo(80);
        return IntStream.range(0, choices.size())
                .mapToObj(i -> Cell.of(choices.get(i), SEED + i))
                .map(cell -> dynamicTest(cell.toString(), () -> check(cell)));
    }

    private static void check(Cell cell) {
        Architecture architecture = cell.architecture();
        Random random = new Random(cell.seed());
        float[] parameters = parameters(architecture, random);
        float[] inputs = normals(cell.rows() * architecture.inputs(), 1, random);
        new EngineCheck(backend, architecture, parameters, inputs).checkAgainstOracle(cell.objective(), slices(cell));
    }

    /** Weights N(0, 1.3^2 / in), biases N(0, 0.3^2): activations are neither linear nor saturated. */
    private static float[] parameters(Architecture architecture, Random random) {
        ParameterLayout layout = ParameterLayout.of(architecture);
        float[] values = new float[layout.size()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            boolean weight = tensor.shape().size() == 2;
            double scale = weight ? 1.3 / Math.sqrt(tensor.shape().get(1)) : 0.3;
            System.arraycopy(normals(tensor.size(), scale, random), 0, values, tensor.offset(), tensor.size());
        }
        return values;
    }

    private static float[] normals(int count, double scale, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static float[] slices(Cell cell) {
        int dimension = cell.architecture().dimension();
        Slices slices = cell.objective().slices();
        float[] all = new float[slices.count() * cell.rows() * dimension];
        float[] one = new float[dimension];
        for (int i = 0; i * dimension < all.length; i++) {
            slices.draw(new Philox(), cell.seed(), i % cell.rows(), i / cell.rows(), 0, one, dimension);
            System.arraycopy(one, 0, all, i * dimension, dimension);
        }
        return all;
    }

    /** Cells that cover every pair of choices of two factors: greedily, the best of 50 random candidates each time. */
    private static List<int[]> pairwise(Random random) {
        int factors = CHOICES.length;
        boolean[][][][] covered = new boolean[factors][factors][8][8];
        List<int[]> cells = new ArrayList<>();
        int left = 0;
        for (int f = 0; f < factors; f++) {
            for (int g = 0; g < f; g++) {
                left += CHOICES[f] * CHOICES[g];
            }
        }
        while (left > 0) {
            int[] best = {};
            int most = 0;
            for (int candidate = 0; candidate < 50; candidate++) {
                int[] choice = IntStream.of(CHOICES).map(random::nextInt).toArray();
                int news = 0;
                for (int f = 0; f < factors; f++) {
                    for (int g = 0; g < f; g++) {
                        news += covered[f][g][choice[f]][choice[g]] ? 0 : 1;
                    }
                }
                if (news > most) {
                    most = news;
                    best = choice;
                }
            }
            if (most == 0) {
                continue;
            }
            for (int f = 0; f < factors; f++) {
                for (int g = 0; g < f; g++) {
                    covered[f][g][best[f]][best[g]] = true;
                }
            }
            left -= most;
            cells.add(best);
        }
        return cells;
    }
}
