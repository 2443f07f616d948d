package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * The kernel Stein test: do rows come from the model? It needs the model's score at the rows and nothing else, neither a
 * normaliser nor samples, so it serves score networks and energies alike.
 *
 * <pre>
 * KSD^2 = mean over i != j of u(x_i, x_j),      zero in expectation if s is the rows' score, positive if not
 * u(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + tr grad_x grad_y k
 *         = phi s(x).s(y) - 2 phi' (s(x) - s(y)).(x - y) - 2 D phi' - 4 phi'' r^2,      k(x, y) = phi(r^2), r = |x - y|
 * </pre>
 *
 * <p>Its p-value is a wild bootstrap's, e signs: the share of the sums over i != j of e_i e_j u(x_i, x_j), the rows' own among
 * them, that are no smaller than that of the rows. Time O(N^2 (D + B)), memory O(N (D + B)) for N rows and B signs a row.
 *
 * <p>Rows are tested as they are. A model trained on noised rows is a model of noised rows; with enough rows the test tells.
 *
 * <p>Where the model has conditions, u is multiplied by (1 + |c - c'|^2)^(-1/2), c the standardised conditions: a kernel over
 * both, under which the expectation is zero if s(. | c) is right for every c (Jitkrittum et al. 2020).
 *
 * <h2>References</h2>
 * <ol>
 * <li>Q. Liu, J. Lee, M. Jordan. A kernelized Stein discrepancy for goodness-of-fit tests. ICML 2016, definition 3.2, theorem
 *     3.6.
 * <li>K. Chwialkowski, H. Strathmann, A. Gretton. A kernel test of goodness of fit. ICML 2016, section 2.2.
 * <li>J. Gorham, L. Mackey. Measuring sample quality with kernels. ICML 2017.
 * <li>W. Jitkrittum, H. Kanagawa, B. Sch&ouml;lkopf. Testing goodness of fit of conditional density models with kernels. UAI
 *     2020.
 * </ol>
 *
 * @param kernel k
 * @param bootstraps B, draws of signs, at least 19
 * @param maxRows of more rows, so many are tested, chosen at random; at least 10
 */
public record SteinTest(SteinKernel kernel, int bootstraps, int maxRows) {
    /** Below these the bootstrap says nothing. */
    private static final int FEWEST_ROWS = 10;

    /** Checks the ranges. */
    public SteinTest {
        Tests.requireDraws("bootstraps", bootstraps);
        Tests.requireMostRows(maxRows, FEWEST_ROWS);
    }

    /**
     * The inverse multiquadric with c = 1 and b = -1/2, 500 bootstraps and at most 2000 rows.
     *
     * @return the settings
     */
    public static SteinTest standard() {
        return new SteinTest(new SteinKernel.InverseMultiquadric(1, -0.5), 500, 2000);
    }

    /**
     * Tests rows against a model, in standardised units.
     *
     * @param model the model, of either kind
     * @param rows with the model's columns and conditions among their columns
     * @param seed key of the random numbers
     * @return KSD^2 (an unbiased estimate, which may be negative) and its p-value
     * @throws IllegalArgumentException if there are fewer than 10 rows, or a column is missing
     */
    public TestResult test(ScoreModel model, Dataset rows, long seed) {
        return test(model, ModelRows.of(model, rows), seed);
    }

    TestResult test(ScoreModel model, ModelRows rows, long seed) {
        requireEnough(rows.count());
        ModelRows chosen = rows.shuffled(maxRows, seed);
        return test(
                chosen.points(),
                chosen.scores(),
                chosen.conditions(),
                model.columns().size(),
                seed);
    }

    /**
     * Tests points against the score of a density.
     *
     * @param points x, [N, D] row-major
     * @param scores s(x), [N, D] row-major
     * @param dimension D
     * @param seed key of the random numbers
     * @return KSD^2 (an unbiased estimate, which may be negative) and its p-value
     * @throws IllegalArgumentException if there are fewer than 10 points, or a number is not finite
     */
    public TestResult test(double[] points, double[] scores, int dimension, long seed) {
        int count = Points.requireFinite("points", points, dimension);
        requireEnough(count);
        if (scores.length != points.length) {
            throw new IllegalArgumentException(
                    "scores are as many numbers as points, " + points.length + ", not " + scores.length);
        }
        Points.requireFinite("scores", scores, dimension);
        int[] chosen = Points.shuffled(count, maxRows, seed, RandomStream.RESAMPLING, Tests.CHOICE);
        return test(
                Points.select(points, dimension, chosen),
                Points.select(scores, dimension, chosen),
                new double[0],
                dimension,
                seed);
    }

    private TestResult test(double[] points, double[] scores, double[] conditions, int dimension, long seed) {
        int count = points.length / dimension;
        PairSums.Kernel stein = new SteinPairs(kernel.settle(points, dimension), points, scores, conditions, dimension);
        double[] sums = PairSums.of(stein, count, signs(count, seed));
        double pairs = 0.5 * count * (count - 1);
        return new TestResult(sums[0] / pairs, Tests.share(sums), count);
    }

    /** [count, 1 + B]: the rows' own weights, which are ones, and B draws of signs. */
    private double[] signs(int count, long seed) {
        int draws = 1 + bootstraps;
        double[] signs = new double[Math.multiplyExact(count, draws)];
        float[] drawn = new float[bootstraps];
        Philox philox = new Philox();
        for (int row = 0; row < count; row++) {
            philox.signs(seed, row, RandomStream.RESAMPLING, 0, 0, drawn, 0, bootstraps);
            signs[row * draws] = 1;
            for (int b = 0; b < bootstraps; b++) {
                signs[row * draws + 1 + b] = drawn[b];
            }
        }
        return signs;
    }

    private static void requireEnough(int rows) {
        if (rows < FEWEST_ROWS) {
            throw new IllegalArgumentException("a Stein test needs at least " + FEWEST_ROWS
                    + " rows, because its bootstrap draws from them, not " + rows);
        }
    }
}
