package io.github.slicedscore.bench;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.data.ToySamplers;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.eval.ScoreError;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How long the demo's networks train until the relative Fisher error, E|s - s_true|^2 / E|s_true|^2 on fresh points of the
 * mixture, is down to a target: {@code demo}'s data, networks and settings. The clock runs from the opening of the run, and
 * stands still during evaluations.
 */
final class TimeToError {
    private static final int ROWS = 1_000_000;
    private static final int FRESH_ROWS = 20_000;
    private static final long DATA_SEED = 1;
    private static final long STEPS = 8000;

    /** Steps between evaluations. */
    private static final int INTERVAL = 50;

    private final ToyDistribution truth = (ToyDistribution) ToySamplers.of("mixture");
    private final Dataset data = truth.sample(DATA_SEED, ROWS);
    private final Dataset fresh = truth.sample(DATA_SEED + 1, FRESH_ROWS);
    private final int[] all = IntStream.range(0, ROWS).toArray();
    private final Standardizer standardizer = Standardizer.fit(data, all);

    /** As in the command-line interface's {@code DemoSettings}. */
    private static TrainingConfig config(ModelKind kind, long seed) {
        boolean energy = kind == ModelKind.ENERGY;
        return TrainingConfig.builder()
                .kind(kind)
                .hidden(64, 64)
                .activation(Activation.SILU)
                .batch(energy ? 128 : 256)
                .steps(STEPS)
                .learningRate(new LearningRate(energy ? 3e-3 : 1e-2, LearningRate.Shape.COSINE, 0))
                .averageDecay(0.99)
                .seed(seed)
                .build();
    }

    /** Trains until the error is small enough or the steps are over: seconds, steps and error. */
    String measure(ModelKind kind, Backend backend, double target, long seed) {
        TrainingConfig config = config(kind, seed);
        int dimension = truth.dimension();
        Architecture architecture = config.architecture(dimension);
        TrainingRows rows =
                new TrainingRows(standardizer.toStandard(data, all), ROWS, dimension, 0, Augmentation.none(dimension));
        TrainingSpec spec = new TrainingSpec(
                architecture,
                config.objective(),
                config.optimizer(),
                config.learningRate().over(STEPS),
                config.clipNorm(),
                config.averageDecay(),
                config.batch(),
                seed);
        long start = System.nanoTime();
        try (TrainingRun run = backend.openTraining(spec, rows, TrainingState.initial(architecture, seed))) {
            double seconds = 0;
            double error = Double.POSITIVE_INFINITY;
            while (error > target && run.step() < STEPS) {
                run.step(INTERVAL);
                Parameters average = run.parameters();
                seconds += 1e-9 * (System.nanoTime() - start);
                error = error(backend, architecture, average);
                start = System.nanoTime();
            }
            return seconds + " " + run.step() + " " + error;
        }
    }

    private double error(Backend backend, Architecture architecture, Parameters parameters) {
        try (ScoreModel model = Unsaved.model(backend, architecture, parameters, standardizer, data.columns())) {
            return ScoreError.relative(model, truth, fresh);
        }
    }

    /**
     * Writes all that a peer needs to do the same from the same start, numbers as little-endian float32: standardised rows to
     * train on, standardised fresh points, the true scores there in original units, starting values of both networks for
     * each seed in the order W, b, W, b ..., and the settings.
     */
    String write(Path folder, List<Long> seeds) throws IOException {
        write(folder.resolve("rows.f32"), standardizer.toStandard(data, all));
        int[] points = IntStream.range(0, FRESH_ROWS).toArray();
        write(folder.resolve("fresh.f32"), standardizer.toStandard(fresh, points));
        write(folder.resolve("scores.f32"), scores());
        StringBuilder settings = new StringBuilder("{\"deviations\": " + Arrays.toString(standardizer.deviations()));
        for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
            TrainingConfig config = config(kind, 1);
            Architecture architecture = config.architecture(truth.dimension());
            for (long seed : seeds) {
                write(
                        folder.resolve("start-" + kind.id() + "-" + seed + ".f32"),
                        TrainingState.initial(architecture, seed).parameters());
            }
            settings.append(String.format(
                    Locale.ROOT,
                    ", \"%s\": {\"widths\": %s, \"batch\": %d, \"steps\": %d, \"rate\": %s, \"decay\": %s, \"base\": %s, \"interval\": %d}",
                    kind.id(),
                    Arrays.toString(((Mlp) architecture).widths()),
                    config.batch(),
                    STEPS,
                    config.learningRate().peak(),
                    config.averageDecay(),
                    kind == ModelKind.ENERGY ? config.base() : 0,
                    INTERVAL));
        }
        Files.writeString(folder.resolve("settings.json"), settings.append("}\n"));
        return folder.toString();
    }

    private float[] scores() {
        int dimension = truth.dimension();
        double[] point = new double[dimension];
        double[] score = new double[dimension];
        float[] scores = new float[FRESH_ROWS * dimension];
        for (int row = 0; row < FRESH_ROWS; row++) {
            fresh.copyRow(row, point, 0);
            truth.score(point, score);
            for (int i = 0; i < dimension; i++) {
                scores[row * dimension + i] = (float) score[i];
            }
        }
        return scores;
    }

    private static void write(Path file, float[] numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        Files.write(file, bytes.array());
    }
}
