package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The unusual rows of a table, where they stand among usual ones, and, where it is known which rows are anomalies, how well they
 * are told.
 *
 * @param scores statistic and scores of each row
 * @param reference what the percentiles are among
 * @param percentiles how many percent of the reference rows are more unusual than each row, [rows]; NaN without a reference
 * @param quality how well the statistic tells anomalies, where they are known
 * @param mahalanobis how well {@link MahalanobisDistance} does, where they are known
 */
public record AnomalyReport(
        AnomalyScores scores,
        Reference reference,
        double[] percentiles,
        Optional<RankingQuality> quality,
        Finding<RankingQuality> mahalanobis) {
    /** What percentiles are among. */
    public enum Reference {
        /** The rows that training held out. */
        HELD_OUT,
        /** The rows given to fit the baseline to. */
        FITTING,
        /** Nothing: the model keeps no held-out rows of this statistic, and no others were given. */
        NONE
    }

    /**
     * Looks at a table.
     *
     * <p>Percentiles are among the held-out rows for log-densities of models without conditions; else among the fitting rows.
     *
     * @param model of either kind
     * @param table with the model's columns and conditions among its columns
     * @param fitting usual rows with the same columns, best those that the model was trained on: for the Mahalanobis distance of
     *     rows [x, c], and for percentiles; or null
     * @param anomalies which rows are anomalies, as long as the table; or null where that is not known
     * @param statistic by what rows are told
     * @param seed key of the random numbers of estimates
     * @return the report
     * @throws IllegalArgumentException if the model does not give the statistic, if all rows are anomalies, or none is, or a
     *     column is missing
     */
    public static AnomalyReport of(
            ScoreModel model,
            Dataset table,
            @Nullable Dataset fitting,
            boolean @Nullable [] anomalies,
            AnomalyStatistic statistic,
            long seed) {
        AnomalyScores scores = AnomalyScores.of(model, table, statistic, seed);
        Reference reference = reference(model, fitting, statistic);
        double[] percentiles = new double[scores.rows()];
        Arrays.fill(percentiles, Double.NaN);
        if (reference == Reference.HELD_OUT) {
            for (int row = 0; row < percentiles.length; row++) {
                percentiles[row] = model.percentile(scores.value(row));
            }
        } else if (fitting != null) {
            percentiles = scores.percentiles(AnomalyScores.of(model, fitting, statistic, seed));
        }
        return new AnomalyReport(
                scores,
                reference,
                percentiles,
                anomalies == null ? Optional.empty() : Optional.of(RankingQuality.of(scores.surprises(), anomalies)),
                Finding.of(() -> mahalanobis(model, table, fitting, anomalies)));
    }

    private static Reference reference(ScoreModel model, @Nullable Dataset fitting, AnomalyStatistic statistic) {
        if (statistic == AnomalyStatistic.LOG_DENSITY
                && model.conditions().isEmpty()
                && !Double.isNaN(model.percentile(0))) {
            return Reference.HELD_OUT;
        }
        return fitting == null ? Reference.NONE : Reference.FITTING;
    }

    private static RankingQuality mahalanobis(
            ScoreModel model, Dataset table, @Nullable Dataset fitting, boolean @Nullable [] anomalies) {
        if (anomalies == null) {
            throw new IllegalArgumentException("it is not known which rows are anomalies");
        }
        if (fitting == null) {
            throw new IllegalArgumentException("no rows were given to fit it to; name them with --train");
        }
        ModelRows fitted = ModelRows.of(model, fitting);
        double[] distances = MahalanobisDistance.fit(fitted.joint(), fitted.width())
                .of(ModelRows.of(model, table).joint());
        return RankingQuality.of(distances, anomalies);
    }
}
