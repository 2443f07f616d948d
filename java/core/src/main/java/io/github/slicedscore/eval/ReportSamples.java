package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.sample.Sampler;

/** Samples of a model to set beside rows: each with the condition of a row, and in standardised units. */
final class ReportSamples {
    private ReportSamples() {}

    /**
     * Draws as many samples as rows, or so many at most.
     *
     * @return [x, c], [samples, D + C] row-major
     * @throws IllegalArgumentException if the rows have too many different conditions, or the sampler refuses the model
     */
    static double[] draw(ScoreModel model, ModelRows rows, int most, Sampler sampler, long seed) {
        ModelRows chosen = rows.first(most);
        Standardizer standardizer = model.standardizer();
        int dimension = model.columns().size();
        double[] samples = chosen.joint();
        int width = samples.length / chosen.count();
        long key = seed;
        for (Conditions condition : Conditions.of(chosen, model.conditions(), "samples are drawn")) {
            // Another key for each condition, or chains of one number would share their noise.
            Dataset drawn = sampler.sample(model, condition.rows().length, key++, condition.values());
            for (int i = 0; i < drawn.rows(); i++) {
                for (int column = 0; column < dimension; column++) {
                    samples[condition.rows()[i] * width + column] =
                            standardizer.standardize(column, drawn.value(i, column));
                }
            }
        }
        return samples;
    }
}
