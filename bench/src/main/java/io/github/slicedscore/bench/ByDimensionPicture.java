package io.github.slicedscore.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws what {@link ByDimension} measured, time and memory of a step against D on logarithmic axes, and prints how both grow.
 *
 * <pre>
 * java -jar bench/target/benchmarks.jar ByDimension -rf csv -rff by-dimension.csv
 * java -cp bench/target/benchmarks.jar io.github.slicedscore.bench.ByDimensionPicture by-dimension.csv by-dimension.png
 * </pre>
 */
public final class ByDimensionPicture {
    private ByDimensionPicture() {}

    /**
     * Draws and prints.
     *
     * @param args JMH's table and the picture to write
     * @throws IOException if one cannot be read or the other not be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: ByDimensionPicture RESULTS.csv PICTURE.png");
            System.exit(2);
        }
        ByDimensionResults results = read(Path.of(args[0]));
        Map<String, List<TimeAndMemory.Point>> points = new LinkedHashMap<>();
        results.points()
                .forEach((objective, list) -> points.put(
                        objective,
                        list.stream()
                                .map(point -> new TimeAndMemory.Point(
                                        point.dimension(), point.milliseconds(), point.mebibytes()))
                                .toList()));
        String network = "score network " + results.width() + " x 2, batch " + results.batch();
        TimeAndMemory.draw(network, points, Path.of(args[1]));
        print(results);
    }

    private static void print(ByDimensionResults results) {
        System.out.println("| objective | D | processor ms a step | by the clock | MiB |");
        System.out.println("| --- | --- | --- | --- | --- |");
        results.points().forEach((objective, points) -> {
            for (ByDimensionResults.Point point : points) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.2f | %.2f | %.2f |%n",
                        objective,
                        point.dimension(),
                        point.milliseconds(),
                        point.clock(),
                        point.mebibytes());
            }
        });
        System.out.println();
        System.out.println("| objective | D | times the processor time | predicted by its multiplications |");
        System.out.println("| --- | --- | --- | --- |");
        results.points().forEach((objective, points) -> {
            ratio(results, objective, 100, 400);
            ratio(results, objective, 100, 784);
        });
    }

    private static ByDimensionResults read(Path file) throws IOException {
        try {
            return new ByDimensionResults(file);
        } catch (IllegalArgumentException e) {
            System.err.println("ByDimensionPicture: " + e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    /** Prints how a step's time grows, where both dimensions were measured. */
    private static void ratio(ByDimensionResults results, String objective, int from, int to) {
        Map<Integer, Double> times = results.points().get(objective).stream()
                .collect(Collectors.toMap(ByDimensionResults.Point::dimension, ByDimensionResults.Point::milliseconds));
        Double before = times.get(from);
        Double after = times.get(to);
        if (before != null && after != null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d to %d | %.2f | %.2f |%n",
                    objective,
                    from,
                    to,
                    after / before,
                    results.predicted(objective, from, to));
        }
    }
}
