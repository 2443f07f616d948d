package io.github.slicedscore.cli;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.train.CheckpointDirectory;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingListener;
import io.github.slicedscore.train.TrainingPlan;
import io.github.slicedscore.train.TrainingReport;
import io.github.slicedscore.train.UnsavedCheckpointException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns a model from a CSV file. */
@Command(
        name = "train",
        sortOptions = false,
        description = "Learns the density of the columns of a CSV file, or its score.",
        footer = {
            "",
            "Writes M.safetensors, the losses as M.training.csv and M.training.png, these options as M.train.properties, and"
                    + " checkpoints into M.checkpoints. Ctrl-C ends the training and writes the best model so far; --resume"
                    + " continues it. Lengths are in standardised units: standard deviations of each column.",
            "",
            "Examples:",
            "  slicedscore train wine.csv --out wine.safetensors --drop quality",
            "  slicedscore train wine.csv --out wine.safetensors --drop quality --resume",
            "  slicedscore train wine.csv --config wine.train.properties --out again.safetensors",
            "  slicedscore train wine.csv --out ph.safetensors --columns pH,alcohol --condition quality",
            "  slicedscore train big.csv --out big.safetensors --model score --hidden 512,512,512 --batch 1024",
            "  slicedscore train big.csv --out clusters.safetensors --model score --objective dsm --noise-levels 5:0.05:12",
            "  slicedscore train big.csv --out deep.safetensors --objective exact --hidden 64,64,64,64 --residual"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA.csv", description = "Table of numbers, a row an example.")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "M.safetensors",
            description = "The model to write.")
    private Path out;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to model, separated by commas (default: all).")
    private Names columns = Names.NONE;

    @Option(
            names = "--drop",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns to leave out.")
    private Names drop = Names.NONE;

    @Option(
            names = "--condition",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Columns that are given, not modelled: the model is then p(columns | conditions).")
    private Names conditions = Names.NONE;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Mixin
    private ConfigOption configs;

    @Option(names = "--resume", description = "Continue an interrupted training of the same settings and data.")
    private boolean resume;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "SECONDS",
            converter = Converters.NotNegative.class,
            defaultValue = "10",
            description = "Least time between two checkpoints (default: ${DEFAULT-VALUE}).")
    private double interval;

    @Option(
            names = "--keep-checkpoints",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "2",
            description = "How many of the last checkpoints are kept; --resume passes over one that is damaged"
                    + " (default: ${DEFAULT-VALUE}).")
    private int kept;

    @Option(
            names = "--on-gpu-failure",
            paramLabel = "stop|cpu",
            converter = Converters.OnDeviceFailure.class,
            completionCandidates = Converters.OnDeviceFailure.class,
            defaultValue = "stop",
            description =
                    "If a GPU fails in mid-run: stop, for --resume to go on from the last checkpoint, or go on from it with"
                            + " the processor at once (default: ${DEFAULT-VALUE}).")
    private String onDeviceFailure;

    @Mixin
    private ForceOption force;

    @Mixin
    private JsonOption json;

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
        requireDisjoint("--drop", drop);
        requireDisjoint("--columns", columns);
        TrainingConfig config = training.config(conditions.values());
        backends.requireKnows(config.kind());
        TrainingFiles files = TrainingFiles.of(out);
        files.requireWritable(file, configs.files(), force.given(), resume);
        Dataset data = read();
        try (Backend backend = backends.open();
                Backend spare = onDeviceFailure.equals("cpu") ? backends.openProcessor() : null) {
            Trainer trainer = trainer(config, data, backend);
            if (spare != null) {
                trainer.onDeviceFailure(spare);
            }
            // Not earlier: it makes a directory, and bad input leaves nothing behind.
            try (CheckpointDirectory checkpoints = files.open()) {
                files.deleteLeftovers();
                trainer.checkpoints(checkpoints)
                        .keepCheckpoints(kept)
                        .checkpointInterval(Duration.ofNanos(Math.round(1e9 * interval)));
                if (resume) {
                    trainer.resume();
                }
                train(config, trainer, files);
            }
        }
        return 0;
    }

    private void requireDisjoint(String option, Names other) {
        for (String name : conditions.values()) {
            if (other.values().contains(name)) {
                throw new BadInputException("--condition and " + option + " both name '" + name
                        + "'; a column is modelled, given or dropped: leave it out of one of them");
            }
        }
    }

    private Dataset read() throws IOException {
        List<String> present = csv.columns(file);
        requirePresent("--columns", columns, present);
        requirePresent("--drop", drop, present);
        requirePresent("--condition", conditions, present);
        List<String> wanted = new ArrayList<>(columns.values());
        if (!wanted.isEmpty()) {
            wanted.addAll(conditions.values());
        }
        CsvOptions options = csv.options().withColumns(wanted).withDrop(drop.values());
        return csv.read(file, options, quiet);
    }

    private void requirePresent(String option, Names names, List<String> present) {
        for (String name : names.values()) {
            if (!present.contains(name)) {
                throw new BadInputException(file + ": " + option + " names '" + name
                        + "', which is not a column; there are " + String.join(", ", present));
            }
        }
    }

    private Trainer trainer(TrainingConfig config, Dataset data, Backend backend) {
        try {
            return new Trainer(config, data, backend);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ": " + e.getMessage());
        }
    }

    @SuppressWarnings("try") // the signal is caught while the block runs
    private void train(TrainingConfig config, Trainer trainer, TrainingFiles files) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        ProgressLine progress = new ProgressLine(err, "");
        if (!quiet) {
            trainer.listener(new PlanPrinter(err)).listener(progress);
        }
        // Asked before the training: AWT does not start any more once the JVM is ending.
        boolean drawn = Fonts.areThere();
        Runnable stop = () -> {
            trainer.requestStop();
            if (!quiet) {
                progress.interrupted();
            }
        };
        try (StopOnSignal signal = new StopOnSignal(stop)) {
            TrainingReport report;
            UnsavedCheckpointException unsaved = null;
            try {
                report = trainer.run();
            } catch (UnsavedCheckpointException e) {
                report = e.report();
                unsaved = e;
            }
            report.model().save(files.model());
            files.writeHistory(report.history());
            files.writeOptions(file, spec.commandLine().getParseResult(), config);
            if (drawn) {
                files.writePicture(report.history());
            } else {
                err.println("note: " + files.picture() + " is not drawn, because " + Fonts.MISSING);
            }
            if (!quiet) {
                summarize(err, report, files, drawn);
            }
            err.flush();
            if (json.given()) {
                TrainingReport printed = report;
                json.print(() -> "", () -> JsonText.of(facts(printed, files, drawn)));
            }
            if (unsaved != null) {
                throw unsaved;
            }
        }
    }

    private static Map<String, @Nullable Object> facts(TrainingReport report, TrainingFiles files, boolean drawn) {
        Provenance origin = report.model().provenance();
        return JsonText.map(
                "model", files.model(),
                "history", files.history(),
                "picture", drawn ? files.picture() : null,
                "options", files.options(),
                "checkpoints", files.checkpoints(),
                "end", report.end().name().toLowerCase(Locale.ROOT),
                "steps", report.steps(),
                "best_step", report.bestStep(),
                "training_loss", origin.trainingLoss(),
                "validation_loss", origin.validationLoss(),
                "parameters", report.model().parameters().layout().size(),
                "kernels", origin.kernels());
    }

    private static void summarize(PrintWriter err, TrainingReport report, TrainingFiles files, boolean drawn) {
        String end =
                switch (report.end()) {
                    case COMPLETED -> "done";
                    case PATIENCE ->
                        "stopped early at step " + report.steps() + ", because the validation loss no longer improved";
                    case STOPPED ->
                        "interrupted at step " + report.steps() + "; the same command with --resume continues";
                };
        err.println(end);
        err.println("wrote " + files.model() + " (step " + report.bestStep() + ", the best), " + files.history() + ", "
                + files.options() + (drawn ? ", " + files.picture() : ""));
    }

    /** Says what is about to happen. */
    private record PlanPrinter(PrintWriter err) implements TrainingListener {
        private static final int MOST_NAMES = 20;

        @Override
        public boolean mayLag() {
            return true;
        }

        @Override
        public void started(TrainingPlan plan) {
            err.println(Descriptions.network(plan.architecture()) + "; " + plan.trainingRows() + " rows to train on, "
                    + plan.validationRows() + " held out; " + plan.steps() + " steps of " + plan.batch() + " rows; "
                    + plan.backend() + " (" + plan.kernels() + ")");
            if (!plan.dequantized().isEmpty()) {
                err.println("rounded values, dequantised: " + some(plan.dequantized()));
            }
            if (plan.firstStep() > 0) {
                err.println("continues at step " + plan.firstStep());
            }
            err.flush();
        }

        private static String some(List<String> names) {
            int others = names.size() - MOST_NAMES;
            return others <= 1
                    ? String.join(", ", names)
                    : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + others + " more";
        }
    }
}
