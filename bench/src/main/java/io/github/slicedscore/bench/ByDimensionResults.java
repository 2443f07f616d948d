package io.github.slicedscore.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link ByDimension} measured, read from JMH's table ({@code -rf csv}). */
final class ByDimensionResults {
    private static final String TIME = ByDimension.class.getName() + ".step";
    private static final String MEMORY = TIME + ":mebibytes";

    /**
     * One measurement of one objective.
     *
     * @param dimension D
     * @param value milliseconds a step, or MiB
     */
    record Point(int dimension, double value) {}

    private final Map<String, List<Point>> times = new LinkedHashMap<>();
    private final Map<String, List<Point>> memory = new LinkedHashMap<>();
    private final int width;
    private final int batch;

    /**
     * Reads a table.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it holds no result of {@link ByDimension}, or those of several networks
     */
    ByDimensionResults(Path file) throws IOException {
        String network = "";
        int lastWidth = 0;
        int lastBatch = 0;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : reader) {
                String benchmark = line.getField("Benchmark");
                if (!benchmark.equals(TIME) && !benchmark.equals(MEMORY)) {
                    continue;
                }
                lastWidth = Integer.parseInt(line.getField("Param: width"));
                lastBatch = Integer.parseInt(line.getField("Param: batch"));
                String found = lastWidth + " x 2, batch " + lastBatch;
                if (!network.isEmpty() && !network.equals(found)) {
                    throw new IllegalArgumentException(
                            file + " has results of " + network + " and of " + found + "; draw one of them at a time");
                }
                network = found;
                String objective = line.getField("Param: objective");
                int dimension = Integer.parseInt(line.getField("Param: dimension"));
                double value = Double.parseDouble(line.getField("Score"));
                if (!(value > 0)) {
                    throw new IllegalArgumentException(
                            file + " has " + value + " for " + benchmark + " of " + objective + " at dimension "
                                    + dimension + ", which no logarithmic axis shows; measure that once more");
                }
                (benchmark.equals(TIME) ? times : memory)
                        .computeIfAbsent(objective, name -> new ArrayList<>())
                        .add(new Point(dimension, value));
            }
        }
        if (times.isEmpty() || memory.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no results of ByDimension; run benchmarks.jar ByDimension -rf csv");
        }
        times.values().forEach(points -> points.sort(Comparator.comparingInt(Point::dimension)));
        memory.values().forEach(points -> points.sort(Comparator.comparingInt(Point::dimension)));
        width = lastWidth;
        batch = lastBatch;
    }

    /** Milliseconds a step by objective, D rising. */
    Map<String, List<Point>> times() {
        return times;
    }

    /** MiB by objective, D rising. */
    Map<String, List<Point>> memory() {
        return memory;
    }

    /** Of each of the two hidden layers. */
    int width() {
        return width;
    }

    /** Rows a step. */
    int batch() {
        return batch;
    }

    /**
     * How many times as many multiplications a step takes at one dimension as at another, by the layers' sizes: each stream
     * goes through all layers once forward and once for the weights' gradient, and through all but the first for that of the
     * layers' inputs.
     */
    double predicted(String objective, int from, int to) {
        return multiplications(objective, to) / multiplications(objective, from);
    }

    private double multiplications(String objective, int dimension) {
        double outer = (double) dimension * width;
        double inner = (double) width * width;
        double streams = objective.equals("exact") ? dimension + 1.0 : 1;
        return streams * (5 * outer + 3 * inner);
    }
}
