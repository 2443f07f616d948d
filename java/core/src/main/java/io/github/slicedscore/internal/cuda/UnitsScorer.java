package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Architecture;
import org.jspecify.annotations.Nullable;

/**
 * Puts the data's units in front of a scorer in the network's, as the device does for itself:
 *
 * <pre>y = (x - m) / d      f(y) - sum log d      s(y) / d      J (v / d) / d</pre>
 */
final class UnitsScorer implements Scorer {
    private final Scorer scorer;
    private final Standardizer units;
    private final double[] deviations;
    private final int dimension;
    private final int width;

    UnitsScorer(Scorer scorer, Standardizer units) {
        this.scorer = scorer;
        this.units = units;
        this.deviations = units.deviations();
        this.dimension = scorer.architecture().dimension();
        this.width = scorer.architecture().inputs();
    }

    @Override
    public Architecture architecture() {
        return scorer.architecture();
    }

    @Override
    public void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores) {
        scorer.evaluate(standard(inputs, rows), rows, values, scores);
        if (values != null) {
            double logScale = units.logScale(dimension);
            for (int row = 0; row < rows; row++) {
                values[row] = (float) (values[row] - logScale);
            }
        }
        if (scores != null) {
            divide(scores, scores, rows);
        }
    }

    @Override
    public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
        Scorer.requireLength("directions", directions.length, rows, dimension);
        float[] scaled = new float[rows * dimension];
        divide(directions, scaled, rows);
        scorer.jvp(standard(inputs, rows), scaled, rows, products);
        divide(products, products, rows);
    }

    private float[] standard(float[] inputs, int rows) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        float[] standard = new float[rows * width];
        for (int i = 0; i < standard.length; i++) {
            standard[i] = (float) units.standardize(i % width, inputs[i]);
        }
        return standard;
    }

    private void divide(float[] from, float[] to, int rows) {
        for (int i = 0; i < rows * dimension; i++) {
            to[i] = (float) (from[i] / deviations[i % dimension]);
        }
    }

    @Override
    public void close() {
        scorer.close();
    }
}
