package io.github.slicedscore.bench;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.Version;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.util.List;
import java.util.Map;

/** Models that are measured and thrown away, whose provenance nobody will read. */
final class Unsaved {
    private Unsaved() {}

    static ScoreModel model(
            Backend backend,
            Architecture architecture,
            Parameters parameters,
            Standardizer standardizer,
            List<String> columns) {
        Provenance provenance = new Provenance(
                Version.STRING,
                "",
                System.getProperty("java.version"),
                backend.kernels(),
                "",
                0,
                Config.SEED,
                0,
                0,
                Double.NaN,
                Double.NaN,
                Map.of());
        return ScoreModel.of(
                new ModelContents(
                        architecture, parameters, standardizer, columns, List.of(), provenance, new double[0]),
                backend);
    }
}
