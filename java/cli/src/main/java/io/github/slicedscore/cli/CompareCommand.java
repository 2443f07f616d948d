package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.TableComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether two CSV files come from one distribution. */
@Command(
        name = "compare",
        sortOptions = false,
        description = "Says whether the rows of two CSV files come from one distribution.",
        footer = {
            "",
            "Compares the columns that both files have: one by one by the Kolmogorov-Smirnov test, and all together by the maximum"
                    + " mean discrepancy and by a classifier that is to tell the rows of the two. A small p speaks against one"
                    + " distribution; that of a column counts among as many others as there are columns, and is called small if"
                    + " it is below 0.05 divided by their number. Of more than 2000 rows the tests of whole rows take some at"
                    + " random. Needs no model.",
            "",
            "Examples:",
            "  slicedscore compare wine-test.csv new-wines.csv",
            "  slicedscore compare winequality-white.csv winequality-red.csv --drop quality --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A.csv", description = "A table of numbers.")
    private Path firstFile;

    @Parameters(index = "1", paramLabel = "B.csv", description = "Another.")
    private Path secondFile;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to compare, separated by commas (default: all that both have).")
    private Names columns = Names.NONE;

    @Option(
            names = "--drop",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to leave out.")
    private Names drop = Names.NONE;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Key of all random numbers: the same seed gives the same figures (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private JsonOption json;

    @Mixin
    private CsvFormatOptions csv;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<String> names = names();
        Dataset first = read(firstFile, names);
        Dataset second = read(secondFile, names);
        TableComparison comparison = TableComparison.of(first, second, seed);
        json.print(
                () -> ComparisonText.table(firstFile, secondFile, comparison),
                () -> ComparisonText.json(firstFile, secondFile, seed, comparison));
        return 0;
    }

    /** Columns that nobody asked for by name are read as the rest of the file, so that errors advise to drop them. */
    private Dataset read(Path file, List<String> names) throws IOException {
        CsvOptions options = csv.options().withMinimumRows(1);
        if (!columns.values().isEmpty()) {
            return csv.read(file, options.withColumns(names), false);
        }
        List<String> others = new ArrayList<>(csv.columns(file));
        others.removeAll(names);
        return csv.read(file, options.withDrop(others), false).select(names);
    }

    /** Those asked for, or those that both files have, less those dropped. */
    private List<String> names() throws IOException {
        List<String> ofFirst = csv.columns(firstFile);
        List<String> ofSecond = csv.columns(secondFile);
        for (String name : columns.values()) {
            requirePresent("--columns", name, firstFile, ofFirst);
            requirePresent("--columns", name, secondFile, ofSecond);
        }
        List<String> names = new ArrayList<>(columns.values().isEmpty() ? ofFirst : columns.values());
        names.retainAll(ofSecond);
        for (String name : drop.values()) {
            if (!ofSecond.contains(name)) {
                requirePresent("--drop", name, firstFile, ofFirst);
            }
        }
        names.removeAll(drop.values());
        if (names.isEmpty()) {
            throw new BadInputException(firstFile + " and " + secondFile + " have no column in common"
                    + (drop.values().isEmpty() ? "" : " that is not dropped") + ": " + String.join(", ", ofFirst)
                    + "; and " + String.join(", ", ofSecond));
        }
        if (columns.values().isEmpty()) {
            List<String> others = new ArrayList<>(ofFirst);
            ofSecond.stream().filter(name -> !ofFirst.contains(name)).forEach(others::add);
            others.removeAll(names);
            others.removeAll(drop.values());
            if (!others.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("note: columns that one file alone has are ignored: " + String.join(", ", others));
            }
        }
        return names;
    }

    private static void requirePresent(String option, String name, Path file, List<String> present) {
        if (!present.contains(name)) {
            throw new BadInputException(file + ": " + option + " names '" + name
                    + "', which is not a column; there are " + String.join(", ", present));
        }
    }
}
