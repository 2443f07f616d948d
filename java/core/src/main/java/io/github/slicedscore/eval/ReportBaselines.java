package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The baselines of a report. */
final class ReportBaselines {
    private ReportBaselines() {}

    /** Log-likelihoods in the units of the data, of baselines fitted in standardised ones, by the baselines' names. */
    static Map<String, Finding<BaselineLikelihood>> of(
            ScoreModel model, ModelRows rows, @Nullable ModelRows fitted, EvaluationSettings settings) {
        int dimension = model.columns().size();
        double logScale = model.standardizer().logScale(dimension);
        long seed = settings.seed();
        Map<String, BaselineLikelihood.Fit> fits = new LinkedHashMap<>();
        fits.put(GaussianBaseline.ID, points -> GaussianBaseline.fit(points, dimension));
        fits.put(
                MixtureBaseline.ID,
                points -> MixtureBaseline.fit(points, dimension, settings.mixtureComponents(), seed));
        fits.put(KernelDensityBaseline.ID, points -> KernelDensityBaseline.fit(points, dimension, seed));
        Map<String, Finding<BaselineLikelihood>> findings = new LinkedHashMap<>();
        fits.forEach((name, fit) -> findings.put(name, Finding.of(() -> {
            if (fitted == null) {
                return BaselineLikelihood.crossFitted(fit, rows.points(), dimension, logScale);
            }
            Baseline baseline = fit.to(fitted.points());
            return BaselineLikelihood.of(
                    baseline.id(), baseline.description(), baseline.logDensities(rows.points()), logScale);
        })));
        return findings;
    }
}
