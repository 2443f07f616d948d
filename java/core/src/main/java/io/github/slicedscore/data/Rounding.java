package io.github.slicedscore.data;

import java.util.Arrays;

/**
 * Finds columns of rounded values by their repeats, and how wide the uniform noise must be that undoes the rounding.
 *
 * <p>With n rows and k distinct values, a column counts as rounded if k &lt;= 0.95 n and either
 *
 * <ul>
 * <li>at least half of the k - 1 gaps between neighbouring distinct values equal another gap, to the precision of the
 *     values: rounded values stand on a grid, so their gaps are few multiples of its step, while the gaps of a continuous
 *     column are all different, even where whole rows are repeated; or
 * <li>k &lt;= 8 and k &lt;= n / 2: too few gaps to compare, but values such as 0 and 1 that come back all the time.
 * </ul>
 *
 * <p>The half width is the median gap, the lower one of two, so that the noise of neighbours overlaps: plus or minus one
 * median gap.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Garg, J. Shi, S. Ermon. Sliced score matching. UAI 2019, (arXiv 1905.07088).</li>
 * </ol>
 */
public final class Rounding {
    private static final double DISTINCT_LIMIT = 0.95;
    private static final int FEW_LEVELS = 8;

    /** Enough to tell, and few enough to be sorted for every column of a long table. */
    private static final int MOST_ROWS = 1 << 20;

    private Rounding() {}

    /**
     * Half widths of the uniform noise, for {@link Augmentation} after division by the deviations. Of more than
     * {@value #MOST_ROWS} rows, evenly spaced ones are looked at.
     *
     * @param data the data
     * @param rows the rows that count: the training rows
     * @return for each column its half width in original units, 0 where it is not rounded
     */
    public static double[] halfWidths(Dataset data, RowSet rows) {
        double[] halfWidths = new double[data.columns().size()];
        double[] values = new double[Math.min(rows.size(), MOST_ROWS)];
        for (int column = 0; column < halfWidths.length; column++) {
            for (int i = 0; i < values.length; i++) {
                values[i] = data.value(rows.row((int) ((long) i * rows.size() / values.length)), column);
            }
            halfWidths[column] = halfWidth(values);
        }
        return halfWidths;
    }

    private static double halfWidth(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        // A difference of two doubles, each the nearest to a decimal, is off by one unit in the last place of the
        // larger;
        // that of values which went through a change of units by a few more.
        double largest = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
        double tolerance = 16 * Math.ulp(largest);
        double[] gaps = gaps(values, tolerance);
        int distinct = gaps.length + 1;
        if (gaps.length == 0 || distinct > DISTINCT_LIMIT * values.length) {
            return 0;
        }
        Arrays.sort(gaps);
        boolean grid = 2 * repeats(gaps, tolerance) >= gaps.length;
        boolean levels = distinct <= FEW_LEVELS && 2 * distinct <= values.length;
        return grid || levels ? gaps[(gaps.length - 1) / 2] : 0;
    }

    private static double[] gaps(double[] sorted, double tolerance) {
        double[] gaps = new double[sorted.length];
        int count = 0;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] - sorted[i - 1] > tolerance) {
                gaps[count++] = sorted[i] - sorted[i - 1];
            }
        }
        return Arrays.copyOf(gaps, count);
    }

    /** Number of gaps that equal another one. */
    private static int repeats(double[] sorted, double tolerance) {
        int repeats = 0;
        for (int i = 0; i < sorted.length; i++) {
            boolean below = i > 0 && sorted[i] - sorted[i - 1] <= tolerance;
            boolean above = i + 1 < sorted.length && sorted[i + 1] - sorted[i] <= tolerance;
            if (below || above) {
                repeats++;
            }
        }
        return repeats;
    }
}
