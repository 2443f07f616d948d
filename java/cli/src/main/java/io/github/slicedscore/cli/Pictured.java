package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.ColumnComparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of a model's columns are drawn.
 *
 * @param columns their indices, ascending
 * @param pairs those of which the density is drawn, each the index of the column from left to right and that of the other
 */
record Pictured(List<Integer> columns, List<List<Integer>> pairs) {
    /** More would leave each too little room. */
    static final int MOST_COLUMNS = 12;

    private static final int MOST_PAIRS = 3;

    /**
     * The columns asked for, or else, where there are too many, those in which samples differ most from the data; and the pairs among
     * them whose columns depend most on each other.
     *
     * @param data rows of the modelled columns
     * @param wanted names of columns; none to choose
     * @param compared each column of data and samples; none without samples
     */
    static Pictured of(Dataset data, List<String> wanted, List<ColumnComparison> compared) {
        List<Integer> columns;
        if (!wanted.isEmpty()) {
            columns = wanted.stream().map(data::indexOf).sorted().toList();
        } else {
            Comparator<Integer> byDifference = Comparator.comparingDouble(column ->
                    compared.isEmpty() ? 0 : -compared.get(column).test().statistic());
            columns = IntStream.range(0, data.columns().size())
                    .boxed()
                    .sorted(byDifference)
                    .limit(MOST_COLUMNS)
                    .sorted()
                    .toList();
        }
        return new Pictured(columns, pairs(data, columns));
    }

    private static List<List<Integer>> pairs(Dataset data, List<Integer> columns) {
        List<List<Integer>> pairs = new ArrayList<>();
        for (int across : columns) {
            for (int up : columns) {
                if (across < up) {
                    pairs.add(List.of(across, up));
                }
            }
        }
        return pairs.stream()
                .sorted(Comparator.comparingDouble(
                        pair -> -Math.abs(correlation(data.column(pair.get(0)), data.column(pair.get(1))))))
                .limit(MOST_PAIRS)
                .toList();
    }

    /** Pearson's, 0 for a constant column. */
    private static double correlation(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
