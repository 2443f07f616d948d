package io.github.slicedscore.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@link ByDimension} measured, read from JMH's table ({@code -rf csv}). */
final class ByDimensionResults {
    private static final String STEP = ByDimension.class.getName() + ".step";

    /**
     * One objective at one dimension.
     *
     * @param dimension D
     * @param milliseconds processor time a step
     * @param clock milliseconds a step by the clock
     * @param mebibytes memory of the run
     */
    record Point(int dimension, double milliseconds, double clock, double mebibytes) {}

    private final Map<String, List<Point>> points = new LinkedHashMap<>();
    private final int width;
    private final int batch;

    /**
     * Reads a table.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it holds no result of {@link ByDimension}, or those of several networks, or figures
     *     that no logarithmic axis shows
     */
    ByDimensionResults(Path file) throws IOException {
        // objective, D, what was measured
        Map<String, Map<Integer, Map<String, Double>>> figures = new LinkedHashMap<>();
        String network = "";
        int lastWidth = 0;
        int lastBatch = 0;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : reader) {
                String benchmark = line.getField("Benchmark");
                if (!benchmark.startsWith(STEP)) {
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
                figures.computeIfAbsent(line.getField("Param: objective"), name -> new TreeMap<>())
                        .computeIfAbsent(Integer.valueOf(line.getField("Param: dimension")), d -> new LinkedHashMap<>())
                        .put(benchmark.substring(STEP.length()), Double.valueOf(line.getField("Score")));
            }
        }
        if (figures.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no results of ByDimension; run benchmarks.jar ByDimension -rf csv -rff " + file);
        }
        figures.forEach((objective, byDimension) -> byDimension.forEach((dimension, measured) -> {
            Point point = new Point(
                    dimension,
                    measured.getOrDefault(":processorMilliseconds", 0.0) / measured.getOrDefault(":steps", 1.0),
                    measured.getOrDefault("", 0.0),
                    measured.getOrDefault(":mebibytes", 0.0));
            if (!(point.milliseconds() > 0 && point.clock() > 0 && point.mebibytes() > 0)) {
                throw new IllegalArgumentException(file + " has " + point + " for " + objective
                        + ", which no logarithmic axis shows; measure that once more");
            }
            points.computeIfAbsent(objective, name -> new ArrayList<>()).add(point);
        }));
        width = lastWidth;
        batch = lastBatch;
    }

    /** By objective, D rising. */
    Map<String, List<Point>> points() {
        return points;
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
