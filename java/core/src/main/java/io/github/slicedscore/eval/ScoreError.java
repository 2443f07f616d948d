package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.ToyDistribution;

/** Distance of a learned score from a known one. */
public final class ScoreError {
    private ScoreError() {}

    /**
     * The relative Fisher error E|s - s_true|^2 / E|s_true|^2 over given points, in original units.
     *
     * @param model the learned score
     * @param truth the distribution whose score is known
     * @param points points from that distribution, not those trained on
     * @return 0 for a perfect score, 1 for the score that is zero everywhere
     */
    public static double relative(ScoreModel model, ToyDistribution truth, Dataset points) {
        int dimension = truth.dimension();
        double[] point = new double[dimension];
        double[] wanted = new double[dimension];
        double[] rows = new double[points.rows() * dimension];
        for (int row = 0; row < points.rows(); row++) {
            points.copyRow(row, rows, row * dimension);
        }
        double[] learned = new double[rows.length];
        model.score(rows, points.rows(), learned);
        double error = 0;
        double scale = 0;
        for (int row = 0; row < points.rows(); row++) {
            points.copyRow(row, point, 0);
            truth.score(point, wanted);
            for (int i = 0; i < dimension; i++) {
                double difference = learned[row * dimension + i] - wanted[i];
                error += difference * difference;
                scale += wanted[i] * wanted[i];
            }
        }
        return error / scale;
    }
}
