package io.github.slicedscore.contract;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A random network of awkward sizes, an objective and a batch; its text holds all that is needed to build it again.
 *
 * @param architecture the network
 * @param objective what is evaluated
 * @param rows rows in the batch
 * @param seed of parameters, rows and slices
 */
public record Cell(Architecture architecture, Objective objective, int rows, long seed) {
    /** Set to "true", makes {@link #all} the product of all sizes: the profile full does that. */
    private static final String FULL_PROPERTY = "slicedscore.contract.full";

    private static final long SEED = 20190517;
    private static final int[] DIMENSIONS = {1, 3, 17};
    private static final int[] WIDTHS = {1, 33, 130};
    private static final int[] ROWS = {1, 7, 65};
    private static final int[] CONDITIONS = {0, 2};
    private static final double[] BASES = {0, 2};
    private static final double SIGMA = 0.3;

    /** How many choices each of a cell's factors has, in the order of {@link #of}. */
    private static final int[] CHOICES = {
        2,
        4,
        Activation.values().length,
        DIMENSIONS.length,
        WIDTHS.length,
        ROWS.length,
        4,
        3,
        3,
        CONDITIONS.length,
        BASES.length
    };

    /** The first so many are network, objective, activation and sizes. */
    private static final int PRODUCT = 6;

    private static Cell of(int[] choice, long seed) {
        int dimension = DIMENSIONS[choice[3]];
        int conditions = CONDITIONS[choice[9]];
        Activation activation = Activation.values()[choice[2]];
        List<Integer> hidden = IntStream.range(0, choice[6])
                .mapToObj(layer -> WIDTHS[(choice[4] + layer) % WIDTHS.length])
                .toList();
        Slices slices = new Slices(1 + choice[7], Projection.values()[choice[8]]);
        return new Cell(
                choice[0] == 0
                        ? new ScoreMlp(dimension, conditions, hidden, activation)
                        : new EnergyMlp(dimension, conditions, hidden, activation, BASES[choice[10]]),
                List.of(
                                new SlicedScoreMatching(slices),
                                new VarianceReducedScoreMatching(slices),
                                new ExactScoreMatching(),
                                new DenoisingScoreMatching(SIGMA))
                        .get(choice[1]),
                ROWS[choice[5]],
                seed);
    }

    /** Cells in which every pair of choices occurs; under the profile full, every choice of network, objective and sizes. */
    public static List<Cell> all() {
        Random random = new Random(SEED);
        List<int[]> choices = Boolean.getBoolean(FULL_PROPERTY) ? product(random) : pairwise(random);
        return IntStream.range(0, choices.size())
                .mapToObj(i -> of(choices.get(i), SEED + i))
                .toList();
    }

    /** Weights N(0, 1.3^2 / in), biases N(0, 0.3^2): activations are neither linear nor saturated. */
    public float[] parameters() {
        Random random = new Random(seed);
        ParameterLayout layout = ParameterLayout.of(architecture);
        float[] values = new float[layout.size()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            boolean weight = tensor.shape().size() == 2;
            double scale = weight ? 1.3 / Math.sqrt(tensor.shape().get(1)) : 0.3;
            System.arraycopy(normals(tensor.size(), scale, random), 0, values, tensor.offset(), tensor.size());
        }
        return values;
    }

    /** Rows [x, c], [rows, D + C]. */
    public float[] inputs() {
        return normals(rows * architecture.inputs(), 1, new Random(~seed));
    }

    /** The random directions of the objective, [K, rows, D]. */
    public float[] directions() {
        int dimension = architecture.dimension();
        float[] all = new float[objective.directions() * rows * dimension];
        float[] one = new float[dimension];
        for (int i = 0; i * dimension < all.length; i++) {
            objective.draw(new Philox(), seed, i % rows, i / rows, 0, one, dimension);
            System.arraycopy(one, 0, all, i * dimension, dimension);
        }
        return all;
    }

    private static float[] normals(int count, double scale, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    /** Every combination of the first factors, the others at random. */
    private static List<int[]> product(Random random) {
        int count = IntStream.of(CHOICES).limit(PRODUCT).reduce(1, (a, b) -> a * b);
        List<int[]> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] choice = IntStream.of(CHOICES).map(random::nextInt).toArray();
            int rest = i;
            for (int factor = 0; factor < PRODUCT; factor++) {
                choice[factor] = rest % CHOICES[factor];
                rest /= CHOICES[factor];
            }
            cells.add(choice);
        }
        return cells;
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
