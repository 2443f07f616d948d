package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.sample.ChainDiagnostics;
import io.github.slicedscore.sample.Sampler;
import io.github.slicedscore.sample.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Samples of a model to set beside rows: each with the condition of a row, and in standardised units.
 *
 * @param rows [x, c], [samples, D + C] row-major
 * @param warnings what speaks against them, a sentence each
 */
record ReportSamples(double[] rows, List<String> warnings) {
    private static final String DEPENDENT =
            "the sampler draws many samples of each chain, which depend on each other, but the tests take them for"
                    + " independent, so p may be too small; use one of independent samples (langevin, ode)";

    /**
     * Draws as many samples as rows, or so many at most.
     *
     * @throws IllegalArgumentException if the rows have too many different conditions, or the sampler refuses the model
     */
    static ReportSamples draw(ScoreModel model, ModelRows rows, int most, Sampler sampler, long seed) {
        ModelRows chosen = rows.first(most);
        Standardizer standardizer = model.standardizer();
        int dimension = model.columns().size();
        double[] samples = chosen.joint();
        int width = samples.length / chosen.count();
        List<String> warnings = new ArrayList<>();
        boolean dependent = false;
        long key = seed;
        for (Conditions condition : Conditions.of(chosen, model.conditions(), "samples are drawn")) {
            // Another key for each condition, or chains of one number would share their noise.
            Samples drawn = sampler.draw(model, condition.rows().length, key++, condition.values());
            for (int i = 0; i < drawn.rows().rows(); i++) {
                for (int column = 0; column < dimension; column++) {
                    samples[condition.rows()[i] * width + column] =
                            standardizer.standardize(column, drawn.rows().value(i, column));
                }
            }
            Optional<ChainDiagnostics> diagnostics = drawn.diagnostics();
            if (diagnostics.isPresent()) {
                String prefix = prefix(model.conditions(), condition.values());
                diagnostics.get().warnings().forEach(warning -> warnings.add(prefix + warning));
                dependent |= diagnostics.get().adaptation().isPresent();
            }
        }
        if (dependent) {
            warnings.add(DEPENDENT);
        }
        return new ReportSamples(samples, List.copyOf(warnings));
    }

    /** Which condition's chains are spoken of: "given a = 1.0, b = 2.0: ". */
    private static String prefix(List<String> names, double[] values) {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            given.add(names.get(i) + " = " + values[i]);
        }
        return given.isEmpty() ? "" : "given " + String.join(", ", given) + ": ";
    }
}
