package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.sample.Imputation;
import io.github.slicedscore.sample.ImputedCell;
import io.github.slicedscore.sample.Imputer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fills in the missing values of a CSV file. */
@Command(
        name = "impute",
        sortOptions = false,
        description =
                "Fills in the missing values of a CSV file with what a model expects, given the rest of their rows.",
        footer = {
            "",
            "Missing are fields that are empty, NA, N/A, NaN, null or ? in a column that the model knows. Each is replaced by the mean"
                    + " of its draws from the model, given the values that its row has; all other fields are kept as they stand."
                    + " Markov chains draw: Metropolis-adjusted Langevin dynamics for energies, Langevin dynamics for score networks,"
                    + " from the largest noise level to the smallest for those that know some. Prints what was done.",
            "",
            "Examples:",
            "  slicedscore impute wine.safetensors gaps.csv --out filled.csv",
            "  slicedscore impute wine.safetensors gaps.csv --out filled.csv --cells cells.csv",
            "  slicedscore impute wine.safetensors gaps.csv --out filled.csv --draws 5"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImputeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "DATA.csv", description = "Rows, some of whose values are missing.")
    private Path dataFile;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILLED.csv",
            description = "The table with the missing values filled in.")
    private Path out;

    @Option(
            names = "--cells",
            paramLabel = "CELLS.csv",
            description =
                    "A line for each value that was missing: line and column, mean and standard deviation, and draws.")
    private @Nullable Path cells;

    @Option(
            names = "--draws",
            paramLabel = "K",
            converter = Converters.CountOrZero.class,
            defaultValue = "0",
            description =
                    "So many tables more, FILLED.1.csv, FILLED.2.csv, ..., with a draw for each missing value instead"
                            + " of the mean: multiple imputation (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--chains",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "8",
            description = "Chains of each row (default: ${DEFAULT-VALUE}).")
    private int chains;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "200",
            description = "Transitions before the first draw (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--chain-draws",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "20",
            description = "Draws of each chain (default: ${DEFAULT-VALUE}; one with noise levels).")
    private int chainDraws;

    @Option(
            names = "--thinning",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "10",
            description = "Transitions from one draw of a chain to the next (default: ${DEFAULT-VALUE}).")
    private int thinning;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Key of all random numbers: the same seed gives the same values (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ForceOption force;

    @Mixin
    private JsonOption json;

    @Mixin
    private TextFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Imputer imputer = imputer();
        requireOutputs();
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            ModelTable table = csv.read(dataFile, ModelTable.namesOf(model));
            table.requirePresent(
                    model.conditions(), "it is a condition of the model, which is given, not modelled; fill it in");
            Imputation imputation = imputer.impute(model, table.numbers(), table.rows(), draws, seed);
            write(model, table, imputation);
            json.print(
                    () -> ImputationText.table(table, model, imputation),
                    () -> ImputationText.json(modelFile, table, model, imputation));
        }
        return 0;
    }

    /** What it costs. Checked before a file of each draw is looked for. */
    Imputer imputer() {
        Imputer imputer;
        try {
            imputer = new Imputer(chains, warmUp, chainDraws, thinning);
        } catch (IllegalArgumentException e) {
            throw new BadInputException("--chains, --warm-up, --chain-draws or --thinning: " + e.getMessage());
        }
        int most = chains * chainDraws;
        if (draws > most) {
            throw new BadInputException("--draws: of each value there are " + most + " draws, so " + draws
                    + " can't be kept; take more --chains");
        }
        return imputer;
    }

    private void requireOutputs() {
        List<Path> outputs = new ArrayList<>(List.of(out));
        for (int draw = 1; draw <= draws; draw++) {
            outputs.add(ofDraw(draw));
        }
        for (Path output : outputs) {
            force.requireWritable(
                    "--out", output, new InputFile("the model", modelFile), new InputFile("the data", dataFile));
        }
        if (cells != null) {
            force.requireWritable(
                    "--cells", cells, new InputFile("the model", modelFile), new InputFile("the data", dataFile));
            for (Path output : outputs) {
                OutputFiles.requireDistinct("--cells", cells, "a file of --out", output);
            }
        }
    }

    /** FILLED.2.csv of FILLED.csv. */
    private Path ofDraw(int draw) {
        String name = String.valueOf(out.getFileName());
        int dot = name.lastIndexOf('.');
        return out.resolveSibling(
                dot <= 0 ? name + "." + draw : name.substring(0, dot) + "." + draw + name.substring(dot));
    }

    private void write(ScoreModel model, ModelTable table, Imputation imputation) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        imputation.warnings().forEach(warning -> err.println("warning: " + warning));
        write(out, filled(model, table, imputation, ImputedCell::mean), err);
        for (int draw = 1; draw <= draws; draw++) {
            int index = draw - 1;
            write(
                    ofDraw(draw),
                    filled(model, table, imputation, cell -> cell.draws().get(index)),
                    err);
        }
        if (cells != null) {
            write(cells, ImputationText.cells(table, model, imputation, draws), err);
        }
    }

    private static void write(Path file, String text, PrintWriter err) throws IOException {
        AtomicFile.write(file, text.getBytes(UTF_8));
        err.println("wrote " + file);
    }

    private String filled(
            ScoreModel model, ModelTable table, Imputation imputation, ToDoubleFunction<ImputedCell> value) {
        Map<Long, ImputedCell> found = new LinkedHashMap<>();
        int width = table.text().columns().size();
        for (ImputedCell cell : imputation.cells()) {
            int column = table.text().columns().indexOf(model.columns().get(cell.column()));
            found.put((long) cell.row() * width + column, cell);
        }
        double[] deviations = model.standardizer().deviations();
        return CsvText.table(table.text(), csv.hasHeader(), (row, column) -> {
            ImputedCell cell = found.get((long) row * width + column);
            return cell == null
                    ? null
                    : CsvText.fixed(value.applyAsDouble(cell), CsvText.decimals(deviations[cell.column()]));
        });
    }
}
