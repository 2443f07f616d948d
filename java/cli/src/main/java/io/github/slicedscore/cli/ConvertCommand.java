package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.Logit;
import io.github.slicedscore.data.RowsFile;
import io.github.slicedscore.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data file into one that is mapped into memory. */
@Command(
        name = "convert",
        sortOptions = false,
        description = "Makes a data file into a rows file, which every command takes in place of a CSV file.",
        footer = {
            "",
            "A rows file needs not be parsed again, and is mapped into memory where it is used, so that it may be larger than"
                    + " Java's heap. It takes 4 bytes a number, 8 with --double, and little memory to be made.",
            "",
            "--logit is for images: it takes a pixel x to y = log(p/(1-p)), p = (x+u)/LEVELS clamped to 0.001..0.999, with u"
                    + " uniform in 0..1. A model trained on the result lives there: its log-densities are those of y, and a"
                    + " number y of its samples is the pixel LEVELS/(1+exp(-y)), rounded down.",
            "",
            "Examples:",
            "  slicedscore convert wine.csv --out wine.rows",
            "  slicedscore convert big.csv.gz --out big.rows --drop id,comment --missing drop",
            "  slicedscore convert train-images-idx3-ubyte.gz --logit 256 --seed 1 --out digits.rows",
            "  slicedscore train wine.rows --out wine.safetensors --drop quality"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA.csv", description = "A table: CSV, NumPy's .npy, IDX, or a rows file.")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "D.rows",
            description = "The rows file to write.")
    private Path out;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to keep, separated by commas (default: all).")
    private Names columns = Names.NONE;

    @Option(
            names = "--drop",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to leave out.")
    private Names drop = Names.NONE;

    @Option(
            names = "--double",
            description = "Keep numbers as they are, in 8 bytes, and do not round them to single precision.")
    private boolean doubles;

    @Option(
            names = "--logit",
            paramLabel = "LEVELS",
            converter = Converters.SmallCount.class,
            description = "Spread columns of levels 0 .. LEVELS-1, such as pixels, over the real line.")
    private @Nullable Integer logit;

    @Option(names = "--seed", paramLabel = "N", description = "Key of the noise of --logit (default: 1).")
    private @Nullable Long seed;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private ForceOption force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print warnings and errors only.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (quiet) {
            Notes.onlyWarnings();
        }
        force.requireWritable("--out", out, new InputFile("the data", file));
        Optional<Logit> map = map();
        csv.columns(file);
        CsvOptions options = csv.options()
                .withColumns(columns.values())
                .withDrop(drop.values())
                .withMinimumRows(1);
        RowsFile.Precision precision = doubles ? RowsFile.Precision.DOUBLE : RowsFile.Precision.SINGLE;
        RowsFile.Written written = csv.showing(file, quiet, cost -> {
            AtomicReference<RowsFile.Written> result = new AtomicReference<>();
            AtomicFile.write(out, to -> result.set(RowsFile.convert(file, options, cost, precision, map, to)));
            return Objects.requireNonNull(result.get(), "the file was written");
        });
        if (!quiet) {
            spec.commandLine()
                    .getErr()
                    .println("wrote " + out + " (" + written.rows() + " rows of "
                            + written.columns().size() + " numbers)");
        }
        return 0;
    }

    private Optional<Logit> map() {
        if (logit == null) {
            if (seed != null) {
                throw new BadInputException("--seed is for the noise of --logit; leave it out, or give --logit, too");
            }
            return Optional.empty();
        }
        if (logit < 2) {
            throw new BadInputException("--logit: there are at least two levels, not " + logit + "; images have 256");
        }
        return Optional.of(new Logit(logit, Objects.requireNonNullElse(seed, 1L)));
    }
}
