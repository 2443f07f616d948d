package io.github.slicedscore.train;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.Version;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.DeviceException;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Makes a model of the parameters that a training found best; kernels are those of its run, not what the backend may use by now. */
final class Models {
    /** Numbers of the rows that are evaluated together. */
    private static final int NUMBERS_AT_ONCE = 1 << 22;

    private static final System.Logger LOGGER = System.getLogger(Models.class.getName());

    private Models() {}

    /** A model that computes on a backend, or on the processor where the device has failed or has no memory left for it. */
    static ScoreModel of(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress,
            Parameters parameters) {
        ModelContents contents = contents(config, data, architecture, backend, kernels, progress, parameters);
        try {
            return ScoreModel.of(contents, backend);
        } catch (DeviceException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0}: the training is done, and its model computes on the processor",
                    e.getMessage());
            return ScoreModel.onProcessor(contents);
        }
    }

    static ModelContents contents(
            TrainingConfig config,
            PreparedData data,
            Architecture architecture,
            Backend backend,
            String kernels,
            Progress progress,
            Parameters parameters) {
        TrainingPoint point = progress.history().stream()
                .filter(candidate -> candidate.step() == progress.bestStep())
                .findFirst()
                .orElseThrow();
        Map<String, String> settings = new TreeMap<>(config.settings());
        settings.remove("seed");
        settings.put("dequantized", String.join(",", data.dequantized()));
        Provenance provenance = new Provenance(
                Version.STRING,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                System.getProperty("java.version", "unknown"),
                kernels,
                data.hash(),
                data.data().rows(),
                config.seed(),
                progress.state().step(),
                progress.bestStep(),
                point.loss(),
                progress.bestLoss(),
                settings);
        return new ModelContents(
                architecture,
                parameters,
                data.standardizer(),
                data.columns(),
                config.conditions(),
                provenance,
                logDensities(architecture, parameters, data, backend));
    }

    /**
     * Log-densities in original units of the held-out rows, without noise, at the smallest level where there are several; none
     * for score networks.
     */
    private static double[] logDensities(
            Architecture architecture, Parameters parameters, PreparedData data, Backend backend) {
        int count = data.held().size();
        if (count == 0 || !architecture.isEnergy()) {
            return new double[0];
        }
        double[] logDensities;
        try {
            logDensities = logDensities(architecture, parameters, data, backend, count);
        } catch (DeviceException e) {
            // These few numbers are no reason to lose what was trained.
            LOGGER.log(System.Logger.Level.DEBUG, "{0}: the processor computes log-densities", e.getMessage());
            try (Backend processor = Backends.open("cpu", new BackendOptions())) {
                logDensities = logDensities(architecture, parameters, data, processor, count);
            }
        }
        Arrays.sort(logDensities);
        return logDensities;
    }

    private static double[] logDensities(
            Architecture architecture, Parameters parameters, PreparedData data, Backend backend, int count) {
        double scale = data.standardizer().logScale(architecture.dimension());
        double[] logDensities = new double[count];
        int atOnce = Math.min(count, Math.max(1, NUMBERS_AT_ONCE / architecture.inputs()));
        float[] values = new float[atOnce];
        try (Scorer scorer = backend.openScorer(architecture, parameters)) {
            for (int some, from = 0; from < count; from += some) {
                some = Math.min(atOnce, count - from);
                int first = from;
                int[] held = new int[some];
                Arrays.setAll(held, i -> data.held().row(first + i));
                float[] rows = data.standardizer().toStandard(data.data(), held);
                if (architecture.noiseLevels().isPresent()) {
                    double sigma = architecture.noiseLevels().get().smallest();
                    rows = NoiseLevels.append(rows, some, architecture.inputs() - 1, sigma);
                }
                scorer.evaluate(rows, some, values, null);
                for (int i = 0; i < some; i++) {
                    // Of a row so far off that it has none in single precision, the least: files hold finite numbers.
                    logDensities[from + i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, values[i])) - scale;
                }
            }
        }
        return logDensities;
    }
}
