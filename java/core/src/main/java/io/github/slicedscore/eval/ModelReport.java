package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.FlowScorer;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.sample.InverseFlow;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.ProbabilityFlow;
import io.github.slicedscore.sample.Sampler;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that says whether a model fits a table of rows that it has not seen. An entry that does not apply to the model, or
 * could not be computed, says why.
 *
 * <p>Log-likelihoods are in nats a row and in the units of the data, losses in standardised units. The tests see standardised
 * rows; with conditions, rows [x, c], and samples with the conditions of the rows. The two-sample tests permute, or split, rows
 * of all conditions together, though rows and samples have the same conditions: that makes them conservative, so a small p counts
 * all the more, and a large one says a little less.
 *
 * <p>Rows are taken as they are. A model that was trained on noised rows is a model of noised rows, a little wider than the rows
 * here, and a test with enough rows will tell them apart.
 *
 * @param rows number of test rows that were used
 * @param losses mean losses "exact", "ssm" and "ssm-vr"
 * @param importance log-likelihood by {@link ImportanceSampling}; energies only
 * @param annealed log-likelihood by {@link AnnealedImportanceSampling}; energies only
 * @param stein {@link SteinTest} of the rows against the model's score
 * @param discrepancy {@link MaximumMeanDiscrepancy} between the rows and samples of the model
 * @param classifier {@link ClassifierTwoSampleTest} between the rows and samples of the model
 * @param sampleWarnings why the two tests before are not to be trusted: what the sampler says against its samples, one sentence
 *     each; empty where nothing speaks against them, or there are none
 * @param baselines log-likelihoods of the same rows under the baselines "gaussian", "mixture" and "kernel-density", in that order,
 *     which take no conditions into account
 */
public record ModelReport(
        int rows,
        List<HeldOutLoss> losses,
        Finding<LogLikelihood> importance,
        Finding<LogLikelihood> annealed,
        Finding<TestResult> stein,
        Finding<TestResult> discrepancy,
        Finding<TestResult> classifier,
        List<String> sampleWarnings,
        Map<String, Finding<BaselineLikelihood>> baselines) {
    /** Copies the lists and the map. */
    public ModelReport {
        losses = List.copyOf(losses);
        sampleWarnings = List.copyOf(sampleWarnings);
        baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    }

    /**
     * Evaluates a model.
     *
     * @param model what to evaluate
     * @param test rows that the model was not trained on, with the model's columns and conditions among their columns
     * @param fitting rows to fit the baselines to, with the same columns, best those that the model was trained on; null to
     *     fit them to each half of the test rows for the other half
     * @param settings cost and random numbers
     * @return the report
     * @throws FarRowException if a row of a table is too far off for single precision
     * @throws IllegalArgumentException naming a column that a table lacks, or if a table has no rows
     */
    public static ModelReport of(
            ScoreModel model, Dataset test, @Nullable Dataset fitting, EvaluationSettings settings) {
        return of(model, test, fitting, settings, what -> {});
    }

    /**
     * Evaluates a model, which may take minutes, and tells what it is about.
     *
     * @param model what to evaluate
     * @param test as above
     * @param fitting as above
     * @param settings cost and random numbers
     * @param progress told, on the calling thread, what is computed next, in a few words
     * @return the report
     * @throws FarRowException if a row of a table is too far off for single precision
     * @throws IllegalArgumentException naming a column that a table lacks, or if a table has no rows
     */
    public static ModelReport of(
            ScoreModel model,
            Dataset test,
            @Nullable Dataset fitting,
            EvaluationSettings settings,
            Consumer<String> progress) {
        long seed = settings.seed();
        ModelRows rows = ModelRows.shuffled(model, test, settings.maxRows(), seed);
        ModelRows fitted = fitting == null ? null : ModelRows.shuffled(model, fitting, settings.maxRows(), seed);
        progress.accept("losses");
        List<HeldOutLoss> losses = List.of(
                HeldOutLoss.exact(model, rows),
                HeldOutLoss.sliced(model, rows, settings.slices(), seed, false),
                HeldOutLoss.sliced(model, rows, settings.slices(), seed, true));
        progress.accept("importance sampling");
        Finding<LogLikelihood> importance =
                Finding.of(() -> LogLikelihood.of(model, rows, settings.importance(), seed));
        progress.accept("annealed sampling");
        Finding<LogLikelihood> annealed = Finding.of(() -> LogLikelihood.of(model, rows, settings.annealed(), seed));
        progress.accept("the Stein test");
        Finding<TestResult> stein = Finding.of(() -> settings.stein().test(model, rows, seed));
        progress.accept("samples of the model");
        Finding<ReportSamples> samples = Finding.of(() -> ReportSamples.draw(
                model,
                rows,
                Math.max(settings.discrepancy().maxRows(), settings.classifier().maxRows()),
                settings.sampler().orElseGet(() -> suited(model)),
                seed));
        int width = rows.width();
        progress.accept("tests against samples");
        Finding<TestResult> discrepancy =
                samples.then(drawn -> settings.discrepancy().test(rows.joint(), drawn.rows(), width, seed));
        Finding<TestResult> classifier =
                samples.then(drawn -> settings.classifier().test(rows.joint(), drawn.rows(), width, seed));
        progress.accept("simple models");
        return new ModelReport(
                rows.count(),
                losses,
                importance,
                annealed,
                stein,
                discrepancy,
                classifier,
                samples instanceof Finding.Known<ReportSamples> drawn
                        ? drawn.value().warnings()
                        : List.of(),
                ReportBaselines.of(model, rows, fitted, settings));
    }

    /** Independent samples, as two-sample tests need; exact ones of flows, and unadjusted chains where there is nothing better. */
    private static Sampler suited(ScoreModel model) {
        if (model.scorer() instanceof FlowScorer) {
            return new InverseFlow();
        }
        return model.noiseLevels().isPresent() ? ProbabilityFlow.standard() : Langevin.standard();
    }
}
