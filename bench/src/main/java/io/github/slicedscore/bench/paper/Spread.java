package io.github.slicedscore.bench.paper;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A mean over seeds.
 *
 * @param mean the mean
 * @param error its standard error
 */
record Spread(double mean, double error) {
    static Spread of(List<KernelRun> runs, ToDoubleFunction<KernelRun> figure) {
        return of(runs.stream().mapToDouble(figure).toArray());
    }

    /** Of the differences between runs of the same seeds. */
    static Spread ofDifferences(List<KernelRun> runs, List<KernelRun> others, ToDoubleFunction<KernelRun> figure) {
        double[] differences = new double[runs.size()];
        Arrays.setAll(differences, i -> figure.applyAsDouble(runs.get(i)) - figure.applyAsDouble(others.get(i)));
        return of(differences);
    }

    private static Spread of(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(mean, Math.sqrt(squares / (values.length - 1) / values.length));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, error);
    }
}
