package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyStatistic;
import io.github.slicedscore.eval.ColumnComparison;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.ProbabilityFlow;
import io.github.slicedscore.sample.Sampler;
import io.github.slicedscore.train.TrainingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds what a report shows beside the evaluation. */
final class ReportWork {
    private static final int MOST_SAMPLES = 2000;

    private final ScoreModel model;
    private final ModelContents contents;
    private final Evaluation evaluation;
    private final Dataset test;

    /**
     * Prepares.
     *
     * @param model what is reported on
     * @param contents of its file
     * @param evaluation what is known of it already
     * @param test rows with the model's columns and conditions, in their order
     */
    ReportWork(ScoreModel model, ModelContents contents, Evaluation evaluation, Dataset test) {
        this.model = model;
        this.contents = contents;
        this.evaluation = evaluation;
        this.test = test;
    }

    /**
     * Does it.
     *
     * @param history of the training
     * @param lines of the test rows in their file
     * @param train usual rows with the same columns, or null
     * @param wanted columns to draw, or none
     * @param top how many of the most unusual rows to show
     */
    Report report(
            Finding<List<TrainingPoint>> history, long[] lines, @Nullable Dataset train, List<String> wanted, int top) {
        Finding<Dataset> samples = Finding.of(this::samples);
        Finding<LogDensities> logDensities = logDensities(samples);
        Finding<Calibration> amongHeldOut =
                logDensities.then(found -> calibration(found.heldOut(), found.test(), "training held out no rows"));
        Finding<Calibration> amongSamples =
                logDensities.then(found -> calibration(found.samples(), found.test(), "no samples could be drawn"));
        Finding<List<ColumnComparison>> columns = samples.then(this::compare);
        Pictured pictured = Pictured.of(
                test.select(model.columns()),
                wanted,
                columns instanceof Finding.Known<List<ColumnComparison>> known ? known.value() : List.of());
        return new Report(
                contents,
                evaluation,
                Verdicts.of(evaluation, amongHeldOut, amongSamples),
                history,
                test,
                lines,
                samples,
                logDensities,
                amongHeldOut,
                amongSamples,
                columns,
                pictured,
                Finding.of(() -> slices(pictured)),
                Finding.of(() ->
                        AnomalyReport.of(model, test, train, null, AnomalyStatistic.of(model), evaluation.seed())),
                top);
    }

    /** One for each of so many test rows, under its conditions. */
    private Dataset samples() {
        Sampler sampler = model.noiseLevels().isPresent() ? ProbabilityFlow.standard() : Langevin.standard();
        int count = Math.min(MOST_SAMPLES, test.rows());
        Dataset rows = test.rows(IntStream.range(0, count).toArray());
        if (model.conditions().isEmpty()) {
            return sampler.sample(model, count, evaluation.seed());
        }
        double[] conditions = flat(rows.select(model.conditions()));
        Dataset drawn = sampler.drawEach(model, conditions, evaluation.seed()).rows();
        double[] joint = flat(rows);
        for (int row = 0; row < count; row++) {
            drawn.copyRow(row, joint, row * rows.columns().size());
        }
        return Dataset.of(rows.columns(), joint);
    }

    private Finding<LogDensities> logDensities(Finding<Dataset> samples) {
        return Finding.of(() -> {
            if (!model.hasDensity()) {
                throw new IllegalArgumentException("the model is a score network, which knows no log-densities");
            }
            return new LogDensities(
                    contents.validationLogDensities(),
                    logDensities(test),
                    samples instanceof Finding.Known<Dataset> drawn ? logDensities(drawn.value()) : new double[0]);
        });
    }

    private double[] logDensities(Dataset rows) {
        double[] values = new double[rows.rows()];
        model.logDensity(flat(rows), rows.rows(), values);
        return values;
    }

    private static double[] flat(Dataset rows) {
        int width = rows.columns().size();
        double[] values = new double[Math.multiplyExact(rows.rows(), width)];
        for (int row = 0; row < rows.rows(); row++) {
            rows.copyRow(row, values, row * width);
        }
        return values;
    }

    private static Calibration calibration(double[] references, double[] rows, String without) {
        if (references.length == 0) {
            throw new IllegalArgumentException(without);
        }
        return Calibration.of(references, rows);
    }

    private List<ColumnComparison> compare(Dataset samples) {
        List<ColumnComparison> compared = new ArrayList<>();
        for (int column = 0; column < model.columns().size(); column++) {
            compared.add(ColumnComparison.of(model.columns().get(column), test.column(column), samples.column(column)));
        }
        return compared;
    }

    private List<ScoreSlice> slices(Pictured pictured) {
        if (pictured.pairs().isEmpty()) {
            throw new IllegalArgumentException("it takes two columns to draw a field");
        }
        double[] medians = new double[test.columns().size()];
        for (int column = 0; column < medians.length; column++) {
            double[] values = test.column(column);
            Arrays.sort(values);
            medians[column] = values[values.length / 2];
        }
        return pictured.pairs().stream()
                .map(pair -> ScoreSlice.of(model, test, medians, pair.get(0), pair.get(1)))
                .toList();
    }
}
