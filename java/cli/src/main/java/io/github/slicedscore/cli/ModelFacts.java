package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code info} prints, as text and as JSON; the names of the latter are part of the interface.
 *
 * @param file the model's file
 * @param bytes its length
 * @param model its content
 */
record ModelFacts(Path file, long bytes, ModelContents model) {
    /** For people. */
    String text(Colors colors) {
        StringBuilder text = new StringBuilder();
        Provenance origin = model.provenance();
        line(text, "file", file + ", " + bytes + " bytes");
        line(text, "model", Descriptions.network(model.architecture()));
        line(text, "gives", Descriptions.gives(model.architecture()));
        if (!isImported()) {
            line(text, "objective", Descriptions.objective(origin.settings(), model.architecture()));
        }
        line(text, "parameters", Integer.toString(parameters()));
        line(text, "columns", String.join(", ", model.columns()));
        if (!model.conditions().isEmpty()) {
            line(text, "given", String.join(", ", model.conditions()));
        }
        if (isImported()) {
            line(text, "imported", origin.created() + " by slicedscore " + origin.version());
        } else {
            appendTraining(text, origin);
        }
        if (hasPercentiles()) {
            line(text, "held out", heldOut() + " rows, for percentiles");
        }
        text.append('\n').append(colors.heading("settings")).append('\n');
        origin.settings()
                .forEach((name, value) ->
                        text.append(String.format(Locale.ROOT, "  %-20s %s%n", name, SettingText.words(name, value))));
        text.append('\n');
        appendColumns(text, colors);
        return text.toString();
    }

    private static void appendTraining(StringBuilder text, Provenance origin) {
        line(
                text,
                "trained",
                origin.created() + " by slicedscore " + origin.version() + " on Java " + origin.javaVersion()
                        + ", kernels " + origin.kernels());
        line(text, "data", origin.dataRows() + " rows, hash " + origin.dataHash());
        line(text, "seed", Long.toString(origin.seed()));
        line(text, "steps", origin.steps() + "; the model is that of step " + origin.bestStep());
        line(
                text,
                "loss there",
                String.format(Locale.ROOT, "training %.4f", origin.trainingLoss())
                        + (Double.isNaN(origin.validationLoss())
                                ? "; no rows were held out"
                                : String.format(Locale.ROOT, ", validation %.4f", origin.validationLoss())));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-12s%s%n", name, value));
    }

    private void appendColumns(StringBuilder text, Colors colors) {
        List<String> names = names();
        int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
        double[] means = standardizer().means();
        double[] deviations = standardizer().deviations();
        String row = "  %-" + width + "s%14s%14s";
        text.append(colors.heading(String.format(Locale.ROOT, row, "column", "mean", "deviation")))
                .append('\n');
        for (int i = 0; i < names.size(); i++) {
            text.append(String.format(
                            Locale.ROOT,
                            row,
                            names.get(i),
                            String.format(Locale.ROOT, "%.6g", means[i]),
                            String.format(Locale.ROOT, "%.6g", deviations[i])))
                    .append('\n');
        }
    }

    /** For programs. */
    String json() {
        Provenance origin = model.provenance();
        return JsonText.of(map(
                "file", file,
                "bytes", bytes,
                "network", network(),
                "parameters", parameters(),
                "columns", columns(0, model.columns().size()),
                "conditions", columns(model.columns().size(), names().size()),
                "held_out_rows", hasPercentiles() ? heldOut() : null,
                "imported", isImported(),
                "training", OriginJson.facts(origin),
                "settings", OriginJson.settings(origin)));
    }

    private static @Nullable Double base(Architecture architecture) {
        if (architecture instanceof EnergyMlp energy) {
            return energy.base();
        }
        return architecture instanceof DeepKernelEnergy energy ? energy.base() : null;
    }

    private Map<String, @Nullable Object> network() {
        Architecture architecture = model.architecture();
        MlpOptions options = architecture instanceof Mlp mlp ? mlp.options() : MlpOptions.NONE;
        return map(
                "kind",
                architecture.kind(),
                "description",
                Descriptions.network(architecture),
                "dimension",
                architecture.dimension(),
                "conditions",
                model.conditions().size(),
                "hidden",
                architecture.hidden(),
                "activation",
                architecture.activation().id(),
                "residual",
                options.residual(),
                "base",
                base(architecture),
                "fourier",
                options.fourier()
                        .map(waves -> map("count", waves.count(), "scale", waves.scale(), "seed", waves.seed()))
                        .orElse(null),
                "noise_levels",
                architecture
                        .noiseLevels()
                        .map(levels -> map(
                                "largest", levels.largest(), "smallest", levels.smallest(), "count", levels.count()))
                        .orElse(null));
    }

    private List<Map<String, @Nullable Object>> columns(int from, int to) {
        List<Map<String, @Nullable Object>> columns = new ArrayList<>();
        for (int i = from; i < to; i++) {
            columns.add(map(
                    "name", names().get(i),
                    "mean", standardizer().means()[i],
                    "deviation", standardizer().deviations()[i]));
        }
        return columns;
    }

    private boolean isEnergy() {
        return model.architecture().isEnergy();
    }

    private boolean isImported() {
        return model.provenance().settings().containsKey("imported");
    }

    /** Densities given different conditions have no common scale. */
    private boolean hasPercentiles() {
        return isEnergy() && model.conditions().isEmpty();
    }

    private int parameters() {
        return model.parameters().layout().size();
    }

    private int heldOut() {
        return model.validationLogDensities().length;
    }

    /** Modelled columns, then conditions. */
    private List<String> names() {
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        return names;
    }

    private Standardizer standardizer() {
        return model.standardizer();
    }
}
