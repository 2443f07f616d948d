package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Samples for many conditions, of which few are different: a run of a sampler for each of these. */
final class SharedConditions {
    /** More runs would take too long. */
    static final int MOST = 20;

    private SharedConditions() {}

    static Samples drawEach(Sampler sampler, ScoreModel model, double[] conditions, long seed) {
        int count = StandardUnits.requireEach(model, conditions);
        int given = conditions.length / count;
        Map<List<Double>, List<Integer>> rows = new LinkedHashMap<>();
        for (int row = 0; row < count; row++) {
            List<Double> values = Arrays.stream(conditions, row * given, (row + 1) * given)
                    .boxed()
                    .toList();
            rows.computeIfAbsent(values, key -> new ArrayList<>()).add(row);
        }
        if (rows.size() > MOST) {
            throw new IllegalArgumentException("this sampler runs its chains for each condition anew, which takes too"
                    + " long for " + rows.size() + " different ones, more than " + MOST
                    + "; take one whose chains are of one sample each, such as Langevin dynamics");
        }
        int dimension = model.columns().size();
        double[] values = new double[Math.multiplyExact(count, dimension)];
        List<Samples> runs = new ArrayList<>();
        // Another key for each, or chains of one number would share their noise.
        long key = seed;
        for (Map.Entry<List<Double>, List<Integer>> group : rows.entrySet()) {
            double[] condition =
                    group.getKey().stream().mapToDouble(value -> value).toArray();
            Samples run = sampler.draw(model, group.getValue().size(), key++, condition);
            for (int i = 0; i < group.getValue().size(); i++) {
                run.rows().copyRow(i, values, group.getValue().get(i) * dimension);
            }
            runs.add(run);
        }
        return new Samples(Dataset.of(model.columns(), values), worst(model, List.copyOf(rows.keySet()), runs));
    }

    /** The diagnostics of the run of the largest R-hat, with the warnings of all. */
    private static Optional<ChainDiagnostics> worst(
            ScoreModel model, List<List<Double>> conditions, List<Samples> runs) {
        List<String> warnings = new ArrayList<>();
        Optional<ChainDiagnostics> worst = Optional.empty();
        for (int run = 0; run < runs.size(); run++) {
            Optional<ChainDiagnostics> found = runs.get(run).diagnostics();
            if (found.isPresent()) {
                String prefix = prefix(model.conditions(), conditions.get(run));
                found.get().warnings().forEach(warning -> warnings.add(prefix + warning));
                worst = worst.isPresent() && rHat(worst.get()) >= rHat(found.get()) ? worst : found;
            }
        }
        return worst.map(diagnostics -> new ChainDiagnostics(
                diagnostics.chains(), diagnostics.draws(), diagnostics.columns(), diagnostics.adaptation(), warnings));
    }

    private static double rHat(ChainDiagnostics diagnostics) {
        return diagnostics.largestRHat().orElse(Double.POSITIVE_INFINITY);
    }

    /** Which condition's chains are spoken of: "given a = 1.0, b = 2.0: ". */
    private static String prefix(List<String> names, List<Double> values) {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            given.add(names.get(i) + " = " + values.get(i));
        }
        return "given " + String.join(", ", given) + ": ";
    }
}
