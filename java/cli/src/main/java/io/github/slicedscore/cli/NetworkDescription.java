package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.exchange.StateDict;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.train.ModelKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the numbers of a network do not tell: kind, activation, columns, and the units that it works in. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NetworkDescription {
    @Option(
            names = "--kind",
            paramLabel = "energy|score",
            converter = Converters.PerceptronKind.class,
            completionCandidates = Converters.PerceptronKind.class,
            description = "What the network gives: a log-density, or its gradient.")
    private @Nullable ModelKind kind;

    @Option(
            names = "--activation",
            paramLabel = "ACTIVATION",
            converter = Converters.ActivationName.class,
            completionCandidates = Converters.ActivationName.class,
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

    @Mixin
    private CsvFormatOptions csv;

    /** Whether any of it was said. */
    boolean isGiven() {
        return kind != null
                || activation != null
                || base != null
                || means != null
                || deviations != null
                || data != null
                || !drop.values().isEmpty()
                || !columns.values().isEmpty()
                || !conditions.values().isEmpty();
    }

    /** The table that units come from, if one does. */
    @Nullable
    Path data() {
        return data;
    }

    /** The model of a network that a file holds. */
    ModelContents model(Path file, StateDict dict) throws IOException {
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
        Mlp architecture = kind == ModelKind.SCORE
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
        List<String> present = csv.columns(data);
        for (String name : drop.values()) {
            if (!present.contains(name)) {
                throw new BadInputException(data + ": --drop names '" + name + "', which is not a column; there are "
                        + String.join(", ", present));
            }
        }
        List<String> left = new ArrayList<>(present);
        left.removeAll(drop.values());
        left.removeAll(conditions.values());
        return List.copyOf(left);
    }

    private Standardizer units(List<String> modelled) throws IOException {
        List<String> names = new ArrayList<>(modelled);
        names.addAll(conditions.values());
        if (data != null) {
            if (means != null || deviations != null) {
                throw new BadInputException("--standardize takes means and deviations from " + data
                        + "; leave it out, or --mean and --deviation");
            }
            Dataset rows = csv.read(data, names);
            return Standardizer.fit(rows, IntStream.range(0, rows.rows()).toArray());
        }
        if ((means == null) != (deviations == null)) {
            throw new BadInputException(
                    "--mean and --deviation go together; give both, or none for rows in the data's units");
        }
        requireOneEach("--mean", means, names);
        requireOneEach("--deviation", deviations, names);
        double[] zeros = new double[names.size()];
        double[] ones = new double[names.size()];
        Arrays.fill(ones, 1);
        try {
            return new Standardizer(means == null ? zeros : means, deviations == null ? ones : deviations);
        } catch (IllegalArgumentException e) {
            throw new BadInputException("--mean and --deviation: " + e.getMessage());
        }
    }

    private static void requireOneEach(String option, double @Nullable [] numbers, List<String> names) {
        if (numbers != null && numbers.length != names.size()) {
            throw new BadInputException(option + " has " + numbers.length + " numbers, but there are " + names.size()
                    + " columns: " + String.join(", ", names) + "; give one for each, in this order");
        }
    }
}
