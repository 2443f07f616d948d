package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.FlowScorer;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.bench.NiceTurns;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.LearningRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One training of the paper's NICE on MNIST in logit space, and what test images say of it.
 *
 * @param objective what was minimised
 * @param steps done
 * @param seconds of training
 * @param curve the log-likelihood of validation images along the run
 * @param testLoss mean over some test images of tr H + |s|^2 / 2
 * @param lossError its standard error over the images
 * @param lossRows how many images that is
 * @param lossRate images of these a second
 * @param logLikelihood mean over all test images
 * @param samples of the model, in logit space
 */
record NiceRun(
        String objective,
        long steps,
        double seconds,
        List<Point> curve,
        double testLoss,
        double lossError,
        int lossRows,
        double lossRate,
        double logLikelihood,
        float[] samples) {
    /** Samples that are drawn. */
    static final int SAMPLES = 48;

    private static final int DIMENSION = LogitImages.DIMENSION;
    private static final int CURVE_ROWS = 1000;
    private static final int CURVE_POINTS = 20;

    /**
     * A point of the curve.
     *
     * @param step updates done
     * @param seconds since the start
     * @param loss of the batches since the last point, the objective's own
     * @param logLikelihood mean over validation images
     */
    record Point(long step, double seconds, double loss, double logLikelihood) {}

    /**
     * Trains and judges.
     *
     * @param backend what computes
     * @param training images
     * @param validation images
     * @param test images
     * @param objective what to minimise
     * @param rate the learning rate
     * @param clip the largest norm of a gradient, 0 for any
     * @param steps how many
     * @param lossRows how many test images the exact loss is taken over
     * @param seed of the run
     */
    static NiceRun of(
            Backend backend,
            LogitImages training,
            LogitImages validation,
            LogitImages test,
            Objective objective,
            LearningRate rate,
            double clip,
            long steps,
            int lossRows,
            long seed) {
        TrainingRows rows =
                new TrainingRows(training.values(), training.rows(), DIMENSION, 0, Augmentation.none(DIMENSION));
        TrainingSpec spec = new TrainingSpec(
                NiceTurns.NETWORK, objective, new Adam(), rate.over(steps), clip, 0, NiceTurns.BATCH, seed);
        List<Point> curve = new ArrayList<>();
        LogitImages seen = validation.part(0, CURVE_ROWS);
        Parameters last;
        double seconds = 0;
        try (TrainingRun run = backend.openTraining(spec, rows, TrainingState.initial(NiceTurns.NETWORK, seed))) {
            long start = System.nanoTime();
            double loss = 0;
            long since = 0;
            while (run.step() < steps) {
                StepResult result = run.step(1);
                if (!result.isFinite()) {
                    throw new IllegalStateException(objective.id() + " diverged at step " + run.step()
                            + "; give a norm to clip to, or a lower rate");
                }
                loss += result.loss();
                since++;
                if (run.step() % Math.max(1, steps / CURVE_POINTS) == 0) {
                    seconds += (System.nanoTime() - start) / 1e9;
                    Point point = new Point(
                            run.step(), seconds, loss / since, logLikelihood(backend, run.parameters(), seen));
                    System.out.println(objective.id() + ": " + point);
                    curve.add(point);
                    loss = 0;
                    since = 0;
                    start = System.nanoTime();
                }
            }
            last = run.parameters();
        }
        float[] inputs = Arrays.copyOf(test.values(), lossRows * DIMENSION);
        try (ObjectiveFunction exact = backend.openObjective(NiceTurns.NETWORK, new ExactScoreMatching())) {
            long start = System.nanoTime();
            double[] losses = exact.losses(last, inputs, new float[0]);
            double taken = (System.nanoTime() - start) / 1e9;
            double mean = Arrays.stream(losses).average().orElseThrow();
            double variance = Arrays.stream(losses)
                            .map(loss -> (loss - mean) * (loss - mean))
                            .sum()
                    / (lossRows - 1);
            return new NiceRun(
                    objective.id(),
                    steps,
                    seconds,
                    curve,
                    mean,
                    Math.sqrt(variance / lossRows),
                    lossRows,
                    lossRows / taken,
                    logLikelihood(backend, last, test),
                    samples(backend, last, seed));
        }
    }

    private static double logLikelihood(Backend backend, Parameters parameters, LogitImages images) {
        float[] values = new float[images.rows()];
        try (Scorer scorer = backend.openScorer(NiceTurns.NETWORK, parameters)) {
            scorer.evaluate(images.values(), images.rows(), values, null);
        }
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static float[] samples(Backend backend, Parameters parameters, long seed) {
        float[] latents = new float[SAMPLES * DIMENSION];
        Philox philox = new Philox();
        for (int i = 0; i < SAMPLES; i++) {
            philox.normals(seed, i, RandomStream.SAMPLER, 0, 0, latents, i * DIMENSION, (i + 1) * DIMENSION);
        }
        try (FlowScorer flow = (FlowScorer) backend.openScorer(NiceTurns.NETWORK, parameters)) {
            flow.invert(latents, SAMPLES, latents);
        }
        return latents;
    }
}
