package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnnealedImportanceSampling;
import io.github.slicedscore.eval.EvaluationSettings;
import io.github.slicedscore.eval.FarRowException;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.ImportanceSampling;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.sample.Denoiser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a model is evaluated, and what that costs. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvaluationOptions {
    /** Standard errors by which two estimates of one number may differ: those of heavy weights are too small themselves. */
    private static final double ERRORS = 8;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Key of all random numbers: the same seed gives the same figures (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--rows",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "10000",
            description = "Of a larger file so many rows are evaluated, chosen at random (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--importance-samples",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "100000",
            description = "Samples for the normaliser (default: ${DEFAULT-VALUE}).")
    private int importanceSamples;

    @Option(
            names = "--annealed-chains",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "1000",
            description = "Chains for the other estimate of it (default: ${DEFAULT-VALUE}).")
    private int annealedChains;

    @Option(
            names = "--temperatures",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "300",
            description = "Steps of each chain from a Gaussian to the model (default: ${DEFAULT-VALUE}).")
    private int temperatures;

    @Option(
            names = "--flow-rows",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "1000",
            description =
                    "Rows whose likelihood is found by the probability flow, for models with noise levels (default:"
                            + " ${DEFAULT-VALUE}).")
    private int flowRows;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Evaluates a model.
     *
     * @param file the model's
     * @param model what is in it
     * @param testFile where the test rows come from
     * @param test rows with the model's columns and conditions
     * @param trainFile where the rows that simple models are fitted to come from, or null for the test rows
     * @param train those, or null
     */
    Evaluation evaluate(
            Path file,
            ScoreModel model,
            Path testFile,
            Dataset test,
            @Nullable Path trainFile,
            @Nullable Dataset train) {
        try (WorkingLine working =
                new WorkingLine(new StatusLine(command.commandLine().getErr()), "evaluating")) {
            ModelReport report = ModelReport.of(model, test, train, settings(), working::does);
            working.does("the probability flow");
            return new Evaluation(
                    file,
                    model.architecture(),
                    testFile,
                    trainFile,
                    seed,
                    report,
                    Finding.of(() -> FlowLogLikelihood.of(model, test, Math.min(rows, flowRows), seed)),
                    remarks(model, test, report));
        } catch (FarRowException e) {
            throw new BadInputException((e.table() == train ? trainFile : testFile) + ": " + e.getMessage());
        }
    }

    /** What it costs. */
    EvaluationSettings settings() {
        EvaluationSettings standard = EvaluationSettings.standard(seed).withMaxRows(rows);
        ImportanceSampling importance = standard.importance();
        AnnealedImportanceSampling annealed = standard.annealed();
        return standard.withNormalizers(
                new ImportanceSampling(
                        importanceSamples, importance.components(), importance.degrees(), importance.defensive()),
                new AnnealedImportanceSampling(
                        annealedChains, temperatures, annealed.leapfrogs(), annealed.deviation()));
    }

    /** What to know before believing the figures. */
    private static List<String> remarks(ScoreModel model, Dataset test, ModelReport report) {
        List<String> remarks = new ArrayList<>();
        if (test.hash().equals(model.provenance().dataHash())) {
            remarks.add("these are the rows that the model was trained on; every figure is too good");
        }
        double noise = Denoiser.known(model);
        if (noise > 0) {
            remarks.add("the model learned rows noised by " + (float) noise
                    + " deviations; the rows here are not, so their losses are not those of the training,"
                    + " and with many rows the tests find the difference");
        }
        if (disagree(report.importance(), report.annealed())) {
            remarks.add(
                    "importance and annealed sampling differ by more than their errors: one of them has missed a part of the"
                            + " density's mass; the lower figure is the safer one");
        }
        return remarks;
    }

    /** Whether two estimates of a likelihood cannot both be right: each finds too little mass, and too high a figure, if it errs. */
    static boolean disagree(Finding<LogLikelihood> importance, Finding<LogLikelihood> annealed) {
        return importance instanceof Finding.Known<LogLikelihood> one
                && annealed instanceof Finding.Known<LogLikelihood> other
                && Math.abs(one.value().mean() - other.value().mean())
                        > ERRORS
                                * Math.hypot(
                                        one.value().normalizerError(),
                                        other.value().normalizerError());
    }
}
