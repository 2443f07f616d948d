package io.github.slicedscore.eval;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well a number tells positive rows (anomalies) from the others: high for the former, if it does.
 *
 * <pre>
 * AUC = P(positive &gt; negative) + P(positive = negative) / 2       the Mann-Whitney statistic over n_+ n_-
 * AP  = sum over thresholds of (recall_k - recall_{k-1}) precision_k
 * </pre>
 *
 * <p>Equal numbers share a threshold, so neither depends on the order of the rows. A number that tells nothing has an AUC of 1/2,
 * and an AP of the share of positive rows.
 *
 * <h2>References</h2>
 * <ol>
 * <li>J. Hanley, B. McNeil. The meaning and use of the area under a receiver operating characteristic (ROC) curve. Radiology
 *     1982.</li>
 * <li>H. Schuetze, C. Manning, P. Raghavan. Introduction to information retrieval. 2008, section 8.4.</li>
 * </ol>
 *
 * @param auc area under the receiver operating characteristic, 0 to 1
 * @param averagePrecision average precision, 0 to 1
 * @param positives number of positive rows
 * @param negatives number of others
 */
public record RankingQuality(double auc, double averagePrecision, int positives, int negatives) {
    /**
     * The quality of a number.
     *
     * @param values the number of each row, not NaN
     * @param positive whether the row is positive, as long
     * @return both figures
     * @throws IllegalArgumentException if the lengths differ, a number is NaN, or all rows are positive, or none is
     */
    public static RankingQuality of(double[] values, boolean[] positive) {
        if (values.length != positive.length) {
            throw new IllegalArgumentException(
                    values.length + " numbers do not go with " + positive.length + " labels");
        }
        int positives = 0;
        for (int row = 0; row < values.length; row++) {
            if (Double.isNaN(values[row])) {
                throw new IllegalArgumentException("row " + row + " (counted from 0) has no number to rank it by");
            }
            positives += positive[row] ? 1 : 0;
        }
        int negatives = values.length - positives;
        if (positives == 0 || negatives == 0) {
            throw new IllegalArgumentException(
                    "a ranking is judged by positive rows and others; here are " + positives + " and " + negatives);
        }
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -values[row]))
                .mapToInt(row -> row)
                .toArray();
        double wins = 0;
        double precisions = 0;
        int hits = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            int tied = 0;
            // 0.0 and -0.0 are one number.
            while (to < order.length && values[order[to]] == values[order[from]]) {
                tied += positive[order[to]] ? 1 : 0;
                to++;
            }
            int tiedNegatives = to - from - tied;
            int negativesBelow = negatives - (from - hits) - tiedNegatives;
            wins += tied * (negativesBelow + 0.5 * tiedNegatives);
            hits += tied;
            precisions += (double) tied * hits / to;
            from = to;
        }
        return new RankingQuality(wins / positives / negatives, precisions / positives, positives, negatives);
    }
}
