package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Scorer;
import org.jspecify.annotations.Nullable;

/** f of an energy's network and its gradient, in standardised units, at fixed conditions. */
final class ModelDensity implements Density {
    private final Scorer scorer;
    private final ModelRows rows;

    ModelDensity(ScoreModel energy, double[] conditions) {
        if (!energy.hasDensity()) {
            throw new IllegalArgumentException(
                    "this model is a score network: it learned the gradient of the log-density and has no density to"
                            + " accept or reject by; train an energy for that (--model energy, or EnergyMlp), or sample it by"
                            + " Langevin dynamics");
        }
        scorer = energy.scorer();
        rows = ModelRows.of(energy, conditions);
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
        float[] values = logDensities == null ? null : new float[count];
        float[] gradients = scores == null ? null : new float[count * dimension()];
        scorer.evaluate(rows.inputs(points, count), count, values, gradients);
        if (logDensities != null && values != null) {
            ModelRows.widen(values, logDensities);
        }
        if (scores != null && gradients != null) {
            ModelRows.widen(gradients, scores);
        }
    }
}
