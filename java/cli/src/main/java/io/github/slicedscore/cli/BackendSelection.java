package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.train.ModelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What computes. */
@Heading("What computes")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BackendSelection {
    /** The backend that has no devices to choose from. */
    private static final String PROCESSOR = "cpu";

    private static final String DEVICE = "cuda";

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Converters.CountOrZero.class,
            defaultValue = "0",
            description = "Threads, at most " + BackendOptions.MOST_THREADS
                    + ", or 0 for one per core (default: ${DEFAULT-VALUE}); results do not depend on it.")
    private int threads;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "auto for the fastest that works here, or a name that 'doctor' lists (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Option(
            names = "--device",
            paramLabel = "N",
            converter = Converters.CountOrZero.class,
            defaultValue = "0",
            description = "Which GPU the backend cuda takes, from 0 (default: ${DEFAULT-VALUE}).")
    private int device;

    @Option(
            names = "--precision",
            paramLabel = "fp32|tf32|bf16",
            converter = Converters.PrecisionName.class,
            completionCandidates = Converters.PrecisionName.class,
            defaultValue = "fp32",
            description =
                    "Of matrix products: fp32, or, on GPUs that have them, tf32 or bf16, which round factors to 11 or 8 bits"
                            + " (default: ${DEFAULT-VALUE}). The processor has fp32 alone; auto then takes a GPU or fails.")
    private Precision precision;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Refuses a GPU that was asked for where its kernels know no such network, before one is looked for. */
    void requireKnows(ModelKind kind) {
        String asked = backend.equals(DEVICE)
                ? "--backend " + DEVICE
                : precision == Precision.FP32 ? "" : "--precision " + precision.id();
        if (!asked.isEmpty() && !kind.isPerceptron()) {
            throw new BadInputException(asked + ": the GPU's kernels do not know networks of the kind " + kind.id()
                    + "; leave it out, and the processor computes");
        }
    }

    Backend open() {
        Backend opened = Backends.open(backend, new BackendOptions(threads, device, precision));
        if (device != 0 && opened.name().equals(PROCESSOR)) {
            spec.commandLine()
                    .getErr()
                    .println("note: --device " + device + " chooses among GPUs, but the processor computes; '"
                            + spec.root().name() + " doctor' says why");
        }
        return opened;
    }

    /** The processor, whatever was chosen. */
    Backend openProcessor() {
        return Backends.open(PROCESSOR, new BackendOptions(threads, 0));
    }

    /** A model that computes on a backend of the caller's. */
    static ScoreModel load(Path file, Backend on) throws IOException {
        requireModelFile(file);
        return ScoreModel.of(ModelFile.read(file), on);
    }

    static void requireModelFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("there is no model file " + file + " (in full "
                    + file.toAbsolutePath().normalize() + "); 'slicedscore train' writes one");
        }
    }
}
