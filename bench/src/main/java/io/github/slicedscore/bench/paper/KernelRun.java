package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.LearningRate;
import java.util.Arrays;
import java.util.List;

/**
 * One training of a deep kernel energy as the paper trains them, and what its test rows say of it.
 *
 * @param table name of the data
 * @param objective what was minimised
 * @param seed of the run
 * @param steps done
 * @param seconds of training and finalisation
 * @param testLoss mean over the test rows of tr H + |s|^2 / 2
 * @param logLikelihood mean over the test rows of f - log Z
 * @param normalizerError standard error of log Z
 * @param effectiveDraws of the draws for log Z
 */
record KernelRun(
        String table,
        String objective,
        long seed,
        long steps,
        double seconds,
        double testLoss,
        double logLikelihood,
        double normalizerError,
        double effectiveDraws) {
    static final int BATCH = 200;
    static final double RATE = 0.01;
    private static final double CLIP = 100;
    private static final int EPOCHS = 500;

    /** Steps between validations, where the paper validates after every one. */
    private static final int INTERVAL = 10;

    /** Steps without a better validation loss after which training ends. */
    private static final int PATIENCE = 200;

    /** Draws for log Z. */
    private static final int DRAWS = 1_000_000;

    /** The step whose random directions the validation has: none that training reaches. */
    private static final long VALIDATION_STEP = 0xFFFFFFFFL;

    /** Those of a table and an objective, in the order of their seeds. */
    static List<KernelRun> select(List<KernelRun> runs, String table, String objective) {
        return runs.stream()
                .filter(run -> run.table.equals(table) && run.objective.equals(objective))
                .toList();
    }

    static DeepKernelEnergy network(int dimension) {
        return new DeepKernelEnergy(dimension, List.of(30, 30), Activation.SOFTPLUS, 30, 3, 200, 2);
    }

    static KernelRun of(Backend backend, PaperRows rows, Objective objective, long seed) {
        DeepKernelEnergy network = network(rows.dimension());
        int batches = Math.max(1, rows.trainingRows() / BATCH);
        long most = (long) EPOCHS * batches;
        TrainingSpec spec = new TrainingSpec(
                network,
                objective,
                new Adam(),
                new LearningRate(RATE, LearningRate.Shape.CONSTANT, 0).over(most),
                CLIP,
                0,
                BATCH,
                seed);
        TrainingRows training = rows(rows.training(), rows.dimension());
        TrainingRows held = rows(rows.validation(), rows.dimension());
        long start = System.nanoTime();
        Parameters last;
        long done;
        try (TrainingRun run = backend.openTraining(spec, training, TrainingState.initial(network, seed, training));
                ObjectiveFunction validation = backend.openObjective(network, objective)) {
            float[] directions = directions(objective, rows.validation().length, rows.dimension(), seed);
            Parameters best = run.parameters();
            double least = Double.POSITIVE_INFINITY;
            long bestStep = 0;
            while (run.step() < most && run.step() - bestStep < PATIENCE) {
                if (!run.step(INTERVAL).isFinite()) {
                    break;
                }
                Parameters now = run.parameters();
                double loss = Arrays.stream(validation.losses(now, rows.validation(), directions))
                        .average()
                        .orElseThrow();
                if (loss < least) {
                    least = loss;
                    best = now;
                    bestStep = run.step();
                }
            }
            done = run.step();
            last = run.finished(best, held);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return judged(backend, rows, objective.id(), seed, done, seconds, network, last);
    }

    private static KernelRun judged(
            Backend backend,
            PaperRows rows,
            String objective,
            long seed,
            long steps,
            double seconds,
            DeepKernelEnergy network,
            Parameters parameters) {
        try (ObjectiveFunction exact = backend.openObjective(network, new ExactScoreMatching());
                Scorer scorer = backend.openScorer(network, parameters)) {
            double loss = Arrays.stream(exact.losses(parameters, rows.test(), new float[0]))
                    .average()
                    .orElseThrow();
            float[] values = new float[rows.test().length / rows.dimension()];
            scorer.evaluate(rows.test(), values.length, values, null);
            double mean = 0;
            for (float value : values) {
                mean += value / (double) values.length;
            }
            ImportanceSampling normalizer = ImportanceSampling.of(scorer, DRAWS, seed);
            return new KernelRun(
                    rows.name(),
                    objective,
                    seed,
                    steps,
                    seconds,
                    loss,
                    mean - normalizer.logNormalizer(),
                    normalizer.standardError(),
                    normalizer.effectiveDraws());
        }
    }

    private static TrainingRows rows(float[] values, int dimension) {
        return new TrainingRows(values, values.length / dimension, dimension, 0, Augmentation.none(dimension));
    }

    private static float[] directions(Objective objective, int length, int dimension, long seed) {
        int count = length / dimension;
        float[] directions = new float[objective.directions() * length];
        float[] direction = new float[dimension];
        Philox philox = new Philox();
        for (int k = 0; k < objective.directions(); k++) {
            for (int row = 0; row < count; row++) {
                objective.draw(philox, seed, row, k, VALIDATION_STEP, direction, dimension);
                System.arraycopy(direction, 0, directions, (k * count + row) * dimension, dimension);
            }
        }
        return directions;
    }
}
