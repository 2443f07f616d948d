package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.exchange.StateDict;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.train.TrainingConfig.ModelKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model of a PyTorch state dict. */
@Command(
        name = "import",
        sortOptions = false,
        description = "Makes a model of a PyTorch network: a chain of Linear layers with one activation between them.",
        footer = {
            "",
            "NET.safetensors is what safetensors.torch.save_file(net.state_dict(), path) writes. A score network gives the"
                    + " gradient of the log-density, an energy the log-density itself (not its negative: change the sign of"
                    + " the last layer of a network that gives -log p).",
            "What the network was trained on says how to standardise: nothing for rows in the units of the data; --mean and"
                    + " --deviation, or --standardize with the rows that they are taken of; or --like with a model that has"
                    + " all of this.",
            "",
            "Examples:",
            "  slicedscore import net.safetensors --kind score --activation softplus --columns a,b --out m.safetensors",
            "  slicedscore import net.safetensors --kind energy --activation silu --base 3 --columns a,b --mean 0.5,20"
                    + " --deviation 2,5 --out m.safetensors",
            "  slicedscore import net.safetensors --kind energy --activation tanh --standardize wine.csv --drop quality"
                    + " --out m.safetensors",
            "  slicedscore import tuned.safetensors --like wine.safetensors --out tuned-wine.safetensors"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NET.safetensors", description = "The state dict.")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "M.safetensors",
            description = "The model to write.")
    private Path out;

    @Option(
            names = "--like",
            paramLabel = "M.safetensors",
            description = "A model with the same layers, columns and units, in place of all options below.")
    private @Nullable Path like;

    @Option(
            names = "--kind",
            paramLabel = "energy|score",
            converter = Converters.Kind.class,
            description = "What the network gives: a log-density, or its gradient.")
    private @Nullable ModelKind kind;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            converter = Converters.ActivationName.class,
            description = "Between the layers: softplus, tanh, silu, gelu (the exact one), sigmoid, sin, elu or relu.")
    private @Nullable Activation activation;

    @Option(
            names = "--base",
            paramLabel = "S",
            converter = Converters.NotNegative.class,
            description = "Deviation of a Gaussian base that an energy has beside its network, in standardised units"
                    + " (default: none).")
    private @Nullable Double base;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Names of the modelled columns, the first inputs of the network.")
    private Names columns = Names.NONE;

    @Option(
            names = "--condition",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Names of the columns that are given, its last inputs.")
    private Names conditions = Names.NONE;

    @Option(
            names = "--mean",
            paramLabel = "NUMBERS",
            split = ",",
            description = "What was subtracted from every column before the network saw it, conditions last.")
    private double @Nullable [] means;

    @Option(
            names = "--deviation",
            paramLabel = "NUMBERS",
            split = ",",
            description = "What every column was divided by then.")
    private double @Nullable [] deviations;

    @Option(
            names = "--standardize",
            paramLabel = "DATA.csv",
            description =
                    "Rows whose means and deviations (of all rows, divided by their number) those are; its columns, too,"
                            + " where --columns does not name them.")
    private @Nullable Path data;

    @Option(
            names = "--drop",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns of that file to leave out.")
    private Names drop = Names.NONE;

    @Option(
            names = "--layers",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Names of the layers, first to last, where their natural order (2 before 10) is not that.")
    private Names layers = Names.NONE;

    @Mixin
    private CsvFormatOptions csv;

    @Option(names = "--force", description = "Replace a file that exists.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputFiles.requireWritable("--out", out, force);
        OutputFiles.requireDistinct("--out", out, "the state dict", file);
        OutputFiles.requireDistinct("--out", out, "the model of --like", like);
        OutputFiles.requireDistinct("--out", out, "the file of --standardize", data);
        StateDict dict = StateDict.read(file, layers.values());
        ModelContents model = like == null ? described(dict) : resembling(dict, like);
        ModelFile.write(model, out);
        spec.commandLine()
                .getErr()
                .println("wrote " + out + ": " + Descriptions.network(model.architecture()) + " of "
                        + String.join(", ", model.columns())
                        + (model.conditions().isEmpty() ? "" : " given " + String.join(", ", model.conditions())));
        return 0;
    }

    private ModelContents resembling(StateDict dict, Path modelFile) throws IOException {
        if (kind != null
                || activation != null
                || base != null
                || means != null
                || deviations != null
                || data != null
                || !columns.values().isEmpty()
                || !conditions.values().isEmpty()) {
            throw new BadInputException("--like takes kind, activation, columns and units from " + modelFile
                    + "; leave --like out, or the options that say them");
        }
        BackendSelection.requireModelFile(modelFile);
        ModelContents model = ModelFile.read(modelFile);
        try {
            return dict.toModel(model.architecture(), model.standardizer(), model.columns(), model.conditions());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ", --like " + modelFile + ": " + e.getMessage()
                    + "; give a model that this network was made from");
        }
    }

    private ModelContents described(StateDict dict) throws IOException {
        if (kind == null || activation == null) {
            throw new BadInputException("say what the network is with --kind and --activation, which its numbers do not"
                    + " tell, or give a model that has all of it with --like");
        }
        if (base != null && kind == ModelKind.SCORE) {
            throw new BadInputException("--base goes with --kind energy; leave one of the two out");
        }
        List<String> modelled = modelledColumns();
        int inputs = modelled.size() + conditions.values().size();
        if (inputs != dict.inputs()) {
            throw new BadInputException(file + " has " + dict.inputs() + " inputs, but the columns are " + inputs + ": "
                    + String.join(", ", modelled)
                    + (conditions.values().isEmpty() ? "" : " given " + String.join(", ", conditions.values()))
                    + "; name one for each input with --columns and --condition");
        }
        int outputs = kind == ModelKind.SCORE ? modelled.size() : 1;
        if (outputs != dict.outputs()) {
            throw new BadInputException(
                    file + " has " + dict.outputs() + " outputs, but a network of --kind " + kind.id()
                            + " has " + outputs + (kind == ModelKind.SCORE ? ", one for each modelled column" : "")
                            + "; give the kind that it is, or other columns");
        }
        Architecture architecture = kind == ModelKind.SCORE
                ? new ScoreMlp(modelled.size(), conditions.values().size(), dict.hidden(), activation)
                : new EnergyMlp(
                        modelled.size(),
                        conditions.values().size(),
                        dict.hidden(),
                        activation,
                        base == null ? 0 : base);
        return dict.toModel(architecture, units(modelled), modelled, conditions.values());
    }

    private List<String> modelledColumns() throws IOException {
        if (!drop.values().isEmpty() && data == null) {
            throw new BadInputException("--drop leaves columns of the file of --standardize out; give both or none");
        }
        if (!columns.values().isEmpty()) {
            return columns.values();
        }
        if (data == null) {
            throw new BadInputException("name the columns that the network models with --columns, in the order of its"
                    + " inputs, or give their table with --standardize");
        }
        List<String> present = new ArrayList<>(CsvReader.columns(data, csv.options()));
        present.removeAll(drop.values());
        present.removeAll(conditions.values());
        return List.copyOf(present);
    }

    private Standardizer units(List<String> modelled) throws IOException {
        List<String> names = new ArrayList<>(modelled);
        names.addAll(conditions.values());
        if (data != null) {
            if (means != null || deviations != null) {
                throw new BadInputException("--standardize takes means and deviations from " + data
                        + "; leave it out, or --mean and --deviation");
            }
            Dataset rows = csv.read(data, names, new ArrayList<>());
            return Standardizer.fit(rows, IntStream.range(0, rows.rows()).toArray());
        }
        if ((means == null) != (deviations == null)) {
            throw new BadInputException(
                    "--mean and --deviation go together; give both, or none for rows in the data's units");
        }
        double[] ones = new double[names.size()];
        Arrays.fill(ones, 1);
        requireOneEach("--mean", means, names);
        requireOneEach("--deviation", deviations, names);
        return means == null || deviations == null
                ? new Standardizer(new double[names.size()], ones)
                : new Standardizer(means, deviations);
    }

    private static void requireOneEach(String option, double @Nullable [] numbers, List<String> names) {
        if (numbers != null && numbers.length != names.size()) {
            throw new BadInputException(option + " has " + numbers.length + " numbers, but there are " + names.size()
                    + " columns: " + String.join(", ", names) + "; give one for each, in this order");
        }
    }
}
