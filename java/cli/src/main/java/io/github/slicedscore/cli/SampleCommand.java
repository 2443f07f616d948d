package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.sample.Sampler;
import io.github.slicedscore.sample.Samples;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws samples from a model. */
@Command(
        name = "sample",
        sortOptions = false,
        description = "Draws samples from a model, in the columns and units of its data.",
        footer = {
            "",
            "Says on stderr what the chains of mala and hmc know of their samples: R-hat, near 1 where chains agree; how many"
                    + " independent draws they are worth; and, of langevin too, a warning where they are not to be trusted.",
            "",
            "Examples:",
            "  slicedscore sample wine.safetensors -n 1000 --seed 7 > samples.csv",
            "  slicedscore sample wine.safetensors --method hmc --warm-up 1000 > samples.csv",
            "  slicedscore sample clusters.safetensors --method annealed --steps 50 > samples.csv",
            "  slicedscore sample wine.safetensors -n 2000 --out new-wines.csv --plot new-wines.png --data wine.csv",
            "  slicedscore sample ph.safetensors --given quality=7",
            "  slicedscore sample ph.safetensors --given-file qualities.csv -n 10"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SampleCommand implements Callable<Integer> {
    @Parameters(paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    private static final int DEFAULT_COUNT = 1000;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description =
                    "Number of samples (default: " + DEFAULT_COUNT + "), or with --given-file of each of its rows (1).")
    private @Nullable Integer count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Key of all random numbers: the same seed gives the same samples (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private SamplerOptions sampling;

    @Option(
            names = "--given",
            paramLabel = "NAME=VALUE",
            converter = GivenValues.Converter.class,
            description = "Values of the model's condition columns, in the units of the data, separated by commas.")
    private List<GivenValues> given = new ArrayList<>();

    @Option(
            names = "--given-file",
            paramLabel = "GIVEN.csv",
            description =
                    "A table of conditions: each of its rows gets samples, which are printed with their conditions.")
    private @Nullable Path givenFile;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "S.csv",
            description = "Where the samples go (default: stdout).")
    private @Nullable Path out;

    @Option(
            names = "--plot",
            paramLabel = "P.png",
            description = "Draw data against samples, column by column and pair by pair; needs --data.")
    private @Nullable Path plot;

    @Option(names = "--data", paramLabel = "DATA.csv", description = "The data that --plot draws.")
    private @Nullable Path dataFile;

    @Mixin
    private ForceOption force;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if ((plot == null) != (dataFile == null)) {
            throw new BadInputException(
                    "--plot draws data against samples, so --plot and --data go together; give both");
        }
        if (givenFile != null && !given.isEmpty()) {
            throw new BadInputException(
                    "--given is one condition, --given-file a table of them; leave one of the two out");
        }
        if (out != null) {
            force.requireWritable(
                    "--out",
                    out,
                    new InputFile("the model", modelFile),
                    new InputFile("the file of --data", dataFile),
                    new InputFile("the file of --given-file", givenFile));
        }
        if (plot != null) {
            force.requireWritable(
                    "--plot",
                    plot,
                    new InputFile("the model", modelFile),
                    new InputFile("the file of --data", dataFile),
                    new InputFile("the file of --given-file", givenFile),
                    new InputFile("the file of --out", out));
            if (!Fonts.areThere()) {
                throw new BadInputException("--plot: nothing can be drawn, because " + Fonts.MISSING);
            }
        }
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            Dataset conditions = conditions(model);
            Dataset data = dataFile == null ? null : csv.read(dataFile, model.columns());
            String method = sampling.method(model);
            Samples drawn = draw(model, sampling.sampler(method), conditions);
            PrintWriter err = spec.commandLine().getErr();
            drawn.diagnostics().ifPresent(diagnostics -> ChainText.lines(method, diagnostics)
                    .forEach(err::println));
            Dataset samples = drawn.rows();
            Dataset beside = givenFile == null ? null : conditions;
            if (out != null) {
                AtomicFile.write(out, file -> {
                    Writer text = new BufferedWriter(Channels.newWriter(file, UTF_8));
                    print(model, samples, beside, text);
                    text.flush();
                });
                err.println("wrote " + out);
            } else {
                PrintWriter stdout = spec.commandLine().getOut();
                print(model, samples, beside, stdout);
                Stdout.requireWritten(stdout);
            }
            if (plot != null && data != null) {
                AtomicFile.write(plot, CornerPlot.draw(data, samples));
                err.println("wrote " + plot);
            }
        }
        return 0;
    }

    /** The conditions of --given, one row, or those of --given-file, each as often as it gets samples; null for none. */
    private @Nullable Dataset conditions(ScoreModel model) throws IOException {
        List<String> names = model.conditions();
        if (givenFile == null) {
            double[] values = given(names);
            return names.isEmpty() ? null : Dataset.of(names, values);
        }
        if (names.isEmpty()) {
            throw new BadInputException("--given-file: " + modelFile + " has no conditions; leave it out");
        }
        Dataset table = csv.read(givenFile, names);
        int each = count == null ? 1 : count;
        requireRoom(model, (long) table.rows() * each);
        double[] values = new double[table.rows() * each * names.size()];
        for (int row = 0; row < table.rows() * each; row++) {
            table.copyRow(row / each, values, row * names.size());
        }
        return Dataset.of(names, values);
    }

    private Samples draw(ScoreModel model, Sampler sampler, @Nullable Dataset conditions) {
        if (givenFile != null && conditions != null) {
            return sampler.drawEach(model, numbers(conditions), seed);
        }
        double[] condition = conditions == null ? new double[0] : numbers(conditions);
        int rows = count == null ? DEFAULT_COUNT : count;
        requireRoom(model, rows);
        return sampler.draw(model, rows, seed, condition);
    }

    /** Throws if an array can't hold so many rows of columns and conditions. */
    private static void requireRoom(ScoreModel model, long rows) {
        int width = model.columns().size() + model.conditions().size();
        if (rows > Integer.MAX_VALUE / width) {
            throw new BadInputException("--count: " + rows + " rows of " + width + " numbers are more than 2^31 - 1"
                    + " numbers; draw fewer, several times, with another --seed each");
        }
    }

    private static double[] numbers(Dataset table) {
        int width = table.columns().size();
        double[] numbers = new double[table.rows() * width];
        for (int row = 0; row < table.rows(); row++) {
            table.copyRow(row, numbers, row * width);
        }
        return numbers;
    }

    /** The values of --given in the order of the model's conditions. */
    private double[] given(List<String> names) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (GivenValues some : given) {
            some.values().forEach((name, value) -> {
                if (all.put(name, value) != null) {
                    throw new BadInputException("--given gives '" + name + "' twice; give each condition one value, or"
                            + " many in a table with --given-file");
                }
                if (!names.contains(name)) {
                    throw new BadInputException("--given names '" + name + "', which is no condition of " + modelFile
                            + (names.isEmpty()
                                    ? "; it has none, so leave --given out"
                                    : "; there are " + String.join(", ", names)));
                }
            });
        }
        double[] values = new double[names.size()];
        for (int i = 0; i < values.length; i++) {
            Double value = all.get(names.get(i));
            if (value == null) {
                throw new BadInputException(modelFile + " is conditioned on '" + names.get(i)
                        + "'; give it a number with" + " --given '" + names.get(i) + "=1.0'");
            }
            values[i] = value;
        }
        return values;
    }

    /** The samples, and beside each its condition where they have several; row by row, as there may be many. */
    private static void print(ScoreModel model, Dataset samples, @Nullable Dataset conditions, Writer to)
            throws IOException {
        int[] decimals = Arrays.stream(model.standardizer().deviations())
                .mapToInt(CsvText::decimals)
                .toArray();
        List<String> names = new ArrayList<>(samples.columns());
        if (conditions != null) {
            names.addAll(conditions.columns());
        }
        to.append(CsvText.header(names));
        for (int row = 0; row < samples.rows(); row++) {
            for (int column = 0; column < samples.columns().size(); column++) {
                to.append(column == 0 ? "" : ",").append(CsvText.fixed(samples.value(row, column), decimals[column]));
            }
            for (int column = 0;
                    conditions != null && column < conditions.columns().size();
                    column++) {
                to.append(',').append(CsvText.shortest(conditions.value(row, column)));
            }
            to.append('\n');
        }
    }
}
