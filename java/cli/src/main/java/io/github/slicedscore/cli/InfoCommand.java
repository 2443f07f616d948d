package io.github.slicedscore.cli;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is in a model file. */
@Command(
        name = "info",
        description = "Tells what is in a model file: network, columns, and the training it comes from.",
        footer = {"", "Examples:", "  slicedscore info wine.safetensors"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BackendSelection.requireModelFile(file);
        ModelContents model = ModelFile.read(file);
        PrintWriter out = spec.commandLine().getOut();
        Provenance origin = model.provenance();
        boolean energy = model.architecture() instanceof EnergyMlp;
        line(out, "file", file + ", " + Files.size(file) + " bytes");
        line(out, "model", Descriptions.network(model.architecture()));
        line(out, "gives", Descriptions.gives(model.architecture()));
        boolean imported = origin.settings().containsKey("imported");
        if (!imported) {
            line(out, "objective", Descriptions.objective(origin.settings(), model.architecture()));
        }
        line(out, "parameters", Integer.toString(model.parameters().layout().size()));
        line(out, "columns", String.join(", ", model.columns()));
        if (!model.conditions().isEmpty()) {
            line(out, "given", String.join(", ", model.conditions()));
        }
        if (imported) {
            line(out, "imported", origin.created() + " by slicedscore " + origin.version());
        } else {
            printTraining(out, origin);
        }
        if (energy && model.conditions().isEmpty()) {
            line(out, "held out", model.validationLogDensities().length + " rows, for percentiles");
        }
        out.println();
        printSettings(out, origin);
        out.println();
        printColumns(out, model);
        out.flush();
        return 0;
    }

    private static void printTraining(PrintWriter out, Provenance origin) {
        line(
                out,
                "trained",
                origin.created() + " by slicedscore " + origin.version() + " on Java " + origin.javaVersion()
                        + ", kernels " + origin.kernels());
        line(out, "data", origin.dataRows() + " rows, hash " + origin.dataHash());
        line(out, "seed", Long.toString(origin.seed()));
        line(out, "steps", origin.steps() + ", of which " + origin.bestStep() + " made the model");
        line(
                out,
                "loss",
                "training " + origin.trainingLoss()
                        + (Double.isNaN(origin.validationLoss()) ? "" : ", validation " + origin.validationLoss()));
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-12s%s%n", name, value);
    }

    private static void printSettings(PrintWriter out, Provenance origin) {
        out.println("settings");
        origin.settings().forEach((name, value) -> out.printf(Locale.ROOT, "  %-20s %s%n", name, value));
    }

    private static void printColumns(PrintWriter out, ModelContents model) {
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
        Standardizer standardizer = model.standardizer();
        double[] means = standardizer.means();
        double[] deviations = standardizer.deviations();
        String row = "  %-" + width + "s%14s%14s%n";
        out.printf(Locale.ROOT, row, "column", "mean", "deviation");
        for (int i = 0; i < names.size(); i++) {
            out.printf(
                    Locale.ROOT,
                    row,
                    names.get(i),
                    String.format(Locale.ROOT, "%.6g", means[i]),
                    String.format(Locale.ROOT, "%.6g", deviations[i]));
        }
    }
}
