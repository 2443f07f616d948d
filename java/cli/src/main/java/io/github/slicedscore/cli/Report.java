package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.ColumnComparison;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.train.TrainingPoint;
import java.util.List;

/**
 * What {@code report} found, before it is written in one form or another.
 *
 * @param model what is in the model's file
 * @param evaluation what {@code evaluate} finds
 * @param verdicts what it all says, in plain words
 * @param history losses of the training
 * @param test the test rows: the model's columns, then its conditions
 * @param lines line of the file of each test row
 * @param samples of the model, as many columns as test
 * @param logDensities of held-out rows, test rows and samples
 * @param amongHeldOut where the test rows stand among the rows that training held out
 * @param amongSamples where they stand among the samples
 * @param columns each modelled column of test rows and samples
 * @param pictured which columns are drawn
 * @param slices the model over pairs of columns, all others fixed
 * @param anomalies how unusual each test row is
 * @param top how many of the most unusual rows are shown
 */
record Report(
        ModelContents model,
        Evaluation evaluation,
        List<Verdict> verdicts,
        Finding<List<TrainingPoint>> history,
        Dataset test,
        long[] lines,
        Finding<Dataset> samples,
        Finding<LogDensities> logDensities,
        Finding<Calibration> amongHeldOut,
        Finding<Calibration> amongSamples,
        Finding<List<ColumnComparison>> columns,
        Pictured pictured,
        Finding<List<ScoreSlice>> slices,
        Finding<AnomalyReport> anomalies,
        int top) {}
