package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.model.Provenance;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a model came about, for programs; the names are part of the interface. */
final class OriginJson {
    private OriginJson() {}

    static Map<String, @Nullable Object> facts(Provenance origin) {
        return map(
                "created", origin.created(),
                "version", origin.version(),
                "java_version", origin.javaVersion(),
                "kernels", origin.kernels(),
                "data_rows", origin.dataRows(),
                "data_hash", origin.dataHash(),
                "seed", origin.seed(),
                "steps", origin.steps(),
                "best_step", origin.bestStep(),
                "training_loss", origin.trainingLoss(),
                "validation_loss", origin.validationLoss());
    }

    static Map<String, @Nullable Object> settings(Provenance origin) {
        Map<String, @Nullable Object> settings = new LinkedHashMap<>();
        origin.settings().forEach((name, value) -> settings.put(name, SettingText.value(value)));
        return settings;
    }
}
