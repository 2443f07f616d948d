package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The baselines of a report. */
final class ReportBaselines {
    private ReportBaselines() {}

    /** Log-likelihoods in the units of the data, of baselines fitted in standardised ones. */
    static List<Finding<BaselineLikelihood>> of(
            ScoreModel model, ModelRows rows, @Nullable ModelRows fitted, EvaluationSettings settings) {
        int dimension = model.columns().size();
        double logScale = model.standardizer().logScale(dimension);
        long seed = settings.seed();
        List<BaselineLikelihood.Fit> fits = List.of(
                points -> GaussianBaseline.fit(points, dimension),
                points -> MixtureBaseline.fit(points, dimension, settings.mixtureComponents(), seed),
                points -> KernelDensityBaseline.fit(points, dimension, seed));
        List<Finding<BaselineLikelihood>> findings = new ArrayList<>();
        for (BaselineLikelihood.Fit fit : fits) {
            findings.add(Finding.of(() -> {
                if (fitted == null) {
                    return BaselineLikelihood.crossFitted(fit, rows.points(), dimension, logScale);
                }
                Baseline baseline = fit.to(fitted.points());
                return BaselineLikelihood.of(
                        baseline.id(), baseline.description(), baseline.logDensities(rows.points()), logScale);
            }));
        }
        return findings;
    }
}
