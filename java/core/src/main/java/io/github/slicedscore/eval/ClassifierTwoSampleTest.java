package io.github.slicedscore.eval;

import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * A classifier two-sample test: can rows of two samples be told apart? The k nearest neighbours in one half of all rows vote on
 * each row of the other half. If the samples come from one distribution, every vote is right by a toss of a coin, and the number
 * of right ones is Binomial(n, 1/2) approximately: the votes on different rows share their voters, and halves of which one has
 * more rows of a sample than of the other favour it.
 *
 * <p>The statistic is the share of right votes: 1/2 for samples that cannot be told apart, 1 for samples that are apart. Its
 * p-value is the upper tail of the binomial distribution. Of a larger sample as many rows as the smaller has are chosen at
 * random. Time O(N^2 D), memory O(N D).
 *
 * <h2>References</h2>
 * <ol>
 * <li>D. Lopez-Paz, M. Oquab. Revisiting classifier two-sample tests. ICLR 2017, section 3.
 * </ol>
 *
 * @param neighbours k, odd, so that no vote is tied; 0 for the odd number next to the root of the number of rows that vote
 * @param maxRows of more rows of a sample, so many are tested, chosen at random; at least 20
 */
public record ClassifierTwoSampleTest(int neighbours, int maxRows) {
    private static final int FEWEST_ROWS = 20;

    /** Checks the ranges. */
    public ClassifierTwoSampleTest {
        if (neighbours < 0 || (neighbours > 0 && neighbours % 2 == 0)) {
            throw new IllegalArgumentException(
                    "the number of neighbours is odd, or 0 for the root of the number of rows, not " + neighbours);
        }
        Tests.requireMostRows(maxRows, FEWEST_ROWS);
    }

    /**
     * As many neighbours as the root of the number of rows, and at most 2000 rows of each sample.
     *
     * @return the settings
     */
    public static ClassifierTwoSampleTest standard() {
        return new ClassifierTwoSampleTest(0, 2000);
    }

    /**
     * Tests two samples.
     *
     * @param first [N, D] row-major, in units in which columns compare
     * @param second [M, D] row-major
     * @param dimension D
     * @param seed key of the random numbers
     * @return the share of right votes and its p-value; rows are those voted on
     * @throws IllegalArgumentException if one has fewer than 20 rows, or a number is not finite
     */
    public TestResult test(double[] first, double[] second, int dimension, long seed) {
        int most = dimension < 1 ? maxRows : Math.min(maxRows, Math.min(first.length, second.length) / dimension);
        Pooled pooled = Pooled.of(first, second, dimension, FEWEST_ROWS, most, seed);
        int count = pooled.count();
        int[] order = Points.shuffled(count, count, seed, RandomStream.RESAMPLING, Tests.SPLIT);
        int[] voters = Arrays.copyOfRange(order, 0, count / 2);
        int k = neighbours > 0 ? neighbours : (int) Math.sqrt(voters.length) / 2 * 2 + 1;
        if (k > voters.length) {
            throw new IllegalArgumentException(
                    k + " neighbours are more than the " + voters.length + " rows that vote; choose fewer");
        }
        int right = 0;
        for (int i = voters.length; i < count; i++) {
            right += vote(pooled, voters, order[i], k) == (order[i] < pooled.first()) ? 1 : 0;
        }
        int votes = count - voters.length;
        return new TestResult((double) right / votes, upperTail(votes, right), votes);
    }

    /** Whether most of the k nearest voters are of the first sample; of equally near ones the earlier count. */
    private static boolean vote(Pooled pooled, int[] voters, int row, int k) {
        double[] nearest = new double[k];
        int[] who = new int[k];
        int held = 0;
        for (int voter : voters) {
            double square = Points.squaredDistance(pooled.points(), row, voter, pooled.dimension());
            if (held == k && square >= nearest[k - 1]) {
                continue;
            }
            int place = held < k ? held++ : k - 1;
            for (; place > 0 && nearest[place - 1] > square; place--) {
                nearest[place] = nearest[place - 1];
                who[place] = who[place - 1];
            }
            nearest[place] = square;
            who[place] = voter;
        }
        int first = 0;
        for (int voter : who) {
            first += voter < pooled.first() ? 1 : 0;
        }
        return 2 * first > k;
    }

    /** P(B at least right), B ~ Binomial(n, 1/2). */
    static double upperTail(int n, int right) {
        double logTerm = -n * Math.log(2);
        double tail = 0;
        for (int successes = n; successes >= right; successes--) {
            tail += Math.exp(logTerm);
            logTerm += Math.log(successes) - Math.log(n - successes + 1.0);
        }
        return Math.min(1, tail);
    }
}
