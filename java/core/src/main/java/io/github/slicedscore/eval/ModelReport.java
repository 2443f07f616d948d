package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that says whether a model fits a table of rows that it has not seen. An entry that does not apply to the model, or
 * could not be computed, says why.
 *
 * @param rows number of test rows that were used
 * @param losses mean losses "exact", "ssm" and "ssm-vr", in standardised units
 * @param importance log-likelihood by {@link ImportanceSampling}; energies only
 * @param annealed log-likelihood by {@link AnnealedImportanceSampling}; energies only
 * @param stein {@link SteinTest} of the rows against the model's score
 * @param discrepancy {@link MaximumMeanDiscrepancy} between the rows and samples of the model
 * @param classifier {@link ClassifierTwoSampleTest} between the rows and samples of the model
 * @param baselines log-likelihoods of the same rows under simple densities
 */
public record ModelReport(
        int rows,
        List<Finding<HeldOutLoss>> losses,
        Finding<LogLikelihood> importance,
        Finding<LogLikelihood> annealed,
        Finding<TestResult> stein,
        Finding<TestResult> discrepancy,
        Finding<TestResult> classifier,
        List<Finding<BaselineLikelihood>> baselines) {
    /** Copies the lists. */
    public ModelReport {
        losses = List.copyOf(losses);
        baselines = List.copyOf(baselines);
    }

    /**
     * Evaluates a model.
     *
     * @param model what to evaluate
     * @param test rows that the model was not trained on, with the model's columns and conditions among its columns; at least one
     * @param fitting rows to fit the baselines to, with the same columns, best those that the model was trained on; null to
     *     fit them to one half of the test rows for the other half, and the other way round
     * @param settings cost and random numbers
     * @return the report
     * @throws IllegalArgumentException naming a column that a table lacks, or a table without rows
     */
    public static ModelReport of(
            ScoreModel model, Dataset test, @Nullable Dataset fitting, EvaluationSettings settings) {
        throw new UnsupportedOperationException("TODO");
    }
}
