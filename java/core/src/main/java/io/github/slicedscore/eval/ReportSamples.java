package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.sample.Sampler;
import io.github.slicedscore.sample.Samples;
import java.util.ArrayList;
import java.util.List;

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
     * @throws IllegalArgumentException if the sampler refuses the model, or so many different conditions
     */
    static ReportSamples draw(ScoreModel model, ModelRows rows, int most, Sampler sampler, long seed) {
        ModelRows chosen = rows.first(most);
        Standardizer standardizer = model.standardizer();
        int dimension = model.columns().size();
        double[] samples = chosen.joint();
        int width = chosen.width();
        Samples drawn = width == dimension
                ? sampler.draw(model, chosen.count(), seed)
                : sampler.drawEach(model, chosen.originalConditions(), seed);
        for (int row = 0; row < chosen.count(); row++) {
            for (int column = 0; column < dimension; column++) {
                samples[row * width + column] =
                        standardizer.standardize(column, drawn.rows().value(row, column));
            }
        }
        List<String> warnings = new ArrayList<>();
        drawn.diagnostics().ifPresent(diagnostics -> {
            warnings.addAll(diagnostics.warnings());
            if (diagnostics.adaptation().isPresent()) {
                warnings.add(DEPENDENT);
            }
        });
        return new ReportSamples(samples, List.copyOf(warnings));
    }
}
