package io.github.slicedscore.eval;

import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.math.RandomStream;
import java.util.List;

/**
 * The maximum mean discrepancy of two samples, and the permutation test of whether they come from one distribution:
 *
 * <pre>
 * MMD^2 = mean over i != j of k(x_i, x_j) + mean over i != j of k(y_i, y_j) - 2 mean over i, j of k(x_i, y_j)
 * k(x, y) = mean over a of exp(-|x - y|^2 / (2 (a h)^2)),      h the median distance between rows of both samples
 * </pre>
 *
 * <p>The estimate is unbiased, so it may be negative. Its p-value is the share of the divisions of all rows into samples of these
 * sizes, the one at hand among them, whose MMD^2 is no smaller. Time O(N^2 (D + B)), memory O(N (D + B)) for N rows in all and B
 * permutations.
 *
 * <h2>References</h2>
 * <ol>
 * <li>A. Gretton, K. Borgwardt, M. Rasch, B. Sch&ouml;lkopf, A. Smola. A kernel two-sample test. JMLR 2012, lemma 6.
 * </ol>
 *
 * @param multiples a, in median distances; at least one
 * @param permutations B, at least 19
 * @param maxRows of more rows of a sample, so many are tested, chosen at random; at least 10
 */
public record MaximumMeanDiscrepancy(List<Double> multiples, int permutations, int maxRows) {
    private static final int FEWEST_ROWS = 10;

    /** Copies the list and checks the ranges. */
    public MaximumMeanDiscrepancy {
        multiples = List.copyOf(multiples);
        if (multiples.isEmpty() || !multiples.stream().allMatch(a -> a > 0 && a < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "bandwidths are positive multiples of the median distance, at least one, not " + multiples);
        }
        Tests.requireDraws("permutations", permutations);
        Tests.requireMostRows(maxRows, FEWEST_ROWS);
    }

    /**
     * Bandwidths of a quarter, a half, once and twice the median distance, 500 permutations and at most 1000 rows of each
     * sample.
     *
     * @return the settings
     */
    public static MaximumMeanDiscrepancy standard() {
        return new MaximumMeanDiscrepancy(List.of(0.25, 0.5, 1.0, 2.0), 500, 1000);
    }

    /**
     * Tests two samples.
     *
     * @param first x, [N, D] row-major, in units in which columns compare
     * @param second y, [M, D] row-major
     * @param dimension D
     * @param seed key of the random numbers
     * @return MMD^2 and its p-value
     * @throws IllegalArgumentException if one has fewer than 10 rows, or a number is not finite
     */
    public TestResult test(double[] first, double[] second, int dimension, long seed) {
        Pooled pooled = Pooled.of(first, second, dimension, FEWEST_ROWS, maxRows, seed);
        GaussianPairs pairs = new GaussianPairs(pooled, multiples);
        int points = pooled.count();
        int draws = 1 + permutations;
        double[] members = members(pooled.first(), points, draws, seed);
        double[] within = PairSums.of(pairs, points, members);
        double[] statistics = new double[draws];
        for (int b = 0; b < draws; b++) {
            // Every pair within the first sample is counted by both of its rows, and a pair across by one.
            double touched = 0;
            for (int i = 0; i < points; i++) {
                touched += members[i * draws + b] * pairs.rowSums[i];
            }
            double across = touched - 2 * within[b];
            double rest = pairs.total() - within[b] - across;
            statistics[b] = pooled.mean(within[b], rest, across);
        }
        return new TestResult(statistics[0], Tests.share(statistics), points);
    }

    /** [points, draws]: 1 where a row belongs to the first sample; as given in the first draw, permuted in the others. */
    private static double[] members(int first, int points, int draws, long seed) {
        double[] members = new double[Math.multiplyExact(points, draws)];
        Permutation permutation = new Permutation(points);
        for (int b = 0; b < draws; b++) {
            permutation.key(seed, Points.epoch(RandomStream.RESAMPLING, Tests.PERMUTATIONS + b));
            for (int i = 0; i < first; i++) {
                int row = b == 0 ? i : (int) permutation.apply(i);
                members[row * draws + b] = 1;
            }
        }
        return members;
    }

    /** The kernel of pairs of rows, which keeps the sum of each row of its matrix without the diagonal. */
    private static final class GaussianPairs implements PairSums.Kernel {
        private final Pooled pooled;
        private final double[] precisions;
        private final double[] rowSums;

        GaussianPairs(Pooled pooled, List<Double> multiples) {
            this.pooled = pooled;
            double median = Points.medianDistance(pooled.points(), pooled.count(), pooled.dimension());
            precisions = multiples.stream()
                    .mapToDouble(multiple -> 1 / (multiple * median * multiple * median))
                    .toArray();
            rowSums = new double[pooled.count()];
        }

        @Override
        public void row(int i, double[] row) {
            for (int j = 0; j < i; j++) {
                double square = Points.squaredDistance(pooled.points(), i, j, pooled.dimension());
                double sum = 0;
                for (double precision : precisions) {
                    sum += Math.exp(-0.5 * precision * square);
                }
                row[j] = sum / precisions.length;
                rowSums[i] += row[j];
                rowSums[j] += row[j];
            }
        }

        /** Sum over all pairs. */
        double total() {
            double sum = 0;
            for (double rowSum : rowSums) {
                sum += 0.5 * rowSum;
            }
            return sum;
        }
    }
}
