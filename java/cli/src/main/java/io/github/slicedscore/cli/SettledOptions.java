package io.github.slicedscore.cli;

import static java.util.stream.Collectors.joining;

import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What options of {@code train} came to whose default depends on others, as they would be given. */
final class SettledOptions {
    private SettledOptions() {}

    /** By the option's name without hyphens before it; none that goes with another kind or objective. */
    static Map<String, String> of(TrainingConfig config) {
        Map<String, String> options = new LinkedHashMap<>();
        ModelKind kind = config.kind();
        options.put(
                "hidden",
                config.hidden().isEmpty()
                        ? "none"
                        : config.hidden().stream().map(String::valueOf).collect(joining(",")));
        if (kind.hasBase()) {
            options.put("base", Double.toString(config.base()));
        }
        if (kind == ModelKind.DKEF) {
            TrainingConfig.DeepKernels kernels = config.kernels();
            options.put("kernels", kernels.count() + ":" + kernels.features() + ":" + kernels.inducing());
        }
        if (kind == ModelKind.NICE) {
            options.put("couplings", Integer.toString(config.flow().count()));
            options.put("prior", config.flow().prior().id());
        }
        objective(config, options);
        options.put("batch", Integer.toString(config.batch()));
        if (config.steps() == 0) {
            options.put("epochs", Integer.toString(config.epochs()));
        }
        options.put("lr", Double.toString(config.learningRate().peak()));
        options.put("clip", Double.toString(config.clipNorm()));
        options.put("noise", Double.toString(config.noise()));
        return options;
    }

    private static void objective(TrainingConfig config, Map<String, String> options) {
        options.put("objective", config.objective().id());
        Map<String, String> settings = config.objective().settings();
        for (String name : List.of("slices", "projection", "sigma", "epsilon")) {
            if (settings.containsKey(name)) {
                options.put(name, settings.get(name));
            }
        }
        config.objective()
                .noiseLevels()
                .ifPresent(levels ->
                        options.put("noise-levels", levels.largest() + ":" + levels.smallest() + ":" + levels.count()));
    }
}
