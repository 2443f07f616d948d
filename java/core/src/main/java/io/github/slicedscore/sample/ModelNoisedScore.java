package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.NoiseLevels;

/** The score of a model with noise levels, in standardised units, at the conditions of its rows. */
final class ModelNoisedScore implements NoisedScore {
    private final Scorer scorer;
    private final NoiseLevels levels;
    private final ModelRows rows;

    ModelNoisedScore(ScoreModel model, ModelRows rows) {
        levels = model.noiseLevels()
                .orElseThrow(() -> new IllegalArgumentException(
                        "this model was trained without noise levels: it knows the score of its data alone, not that of"
                                + " noised data, which this sampler begins with; train with --noise-levels"
                                + " (MultiLevelDenoisingScoreMatching), or sample it by Langevin dynamics"));
        scorer = model.scorer();
        this.rows = rows;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public NoiseLevels levels() {
        return levels;
    }

    @Override
    public void score(double[] points, int count, double sigma, double[] into) {
        float[] scores = new float[count * dimension()];
        scorer.evaluate(rows.inputs(points, count, sigma), count, null, scores);
        ModelRows.widen(scores, into);
    }

    @Override
    public void jvp(double[] points, double[] directions, int count, double sigma, double[] into) {
        float[] along = new float[count * dimension()];
        for (int i = 0; i < along.length; i++) {
            along[i] = (float) directions[i];
        }
        float[] products = new float[along.length];
        scorer.jvp(rows.inputs(points, count, sigma), along, count, products);
        ModelRows.widen(products, into);
    }
}
