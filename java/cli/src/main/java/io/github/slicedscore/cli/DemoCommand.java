package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.data.ToySampler;
import io.github.slicedscore.eval.ScoreError;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingConfig.ModelKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns a known distribution and shows how well. */
@Command(
        name = "demo",
        sortOptions = false,
        description =
                "Learns a built-in two-dimensional distribution by an energy and by a score network, in under a minute;"
                        + " prints how far the learned scores are from the true one where that is known, and draws demo.png.",
        footer = {
            "",
            "Examples:",
            "  slicedscore demo",
            "  slicedscore demo --dataset two-moons --out /tmp/moons",
            "  slicedscore demo --out /tmp/demo --steps 2000"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
    private static final String OUT = "slicedscore-demo";

    /** Where the demo's accuracy and time are decided. */
    private static final class Settings {
        static final int ROWS = 1_000_000;
        static final int FRESH_ROWS = 20_000;
        static final int SAMPLES = 4_000;
        static final Langevin SMOOTH = new Langevin(400, 0.05, 0.004);
        /** Steps that are stable where the score falls over a distance of the noise. */
        static final Langevin EDGED = new Langevin(1000, 0.008, 0.002);
        static final String STEPS = "8000";

        private Settings() {}

        /**
         * An energy's gradients are noisier and its steps dearer, so it gets smaller ones on half the rows. Distributions
         * without a known score have edges, at which the score is infinite; noise rounds them.
         */
        static TrainingConfig config(ModelKind kind, ToySampler truth, long steps, long seed) {
            boolean energy = kind == ModelKind.ENERGY;
            return TrainingConfig.builder()
                    .kind(kind)
                    .hidden(64, 64)
                    .activation(Activation.SILU)
                    .batch(energy ? 128 : 256)
                    .steps(steps)
                    .learningRate(new LearningRate(energy ? 3e-3 : 1e-2, LearningRate.Shape.COSINE, 0))
                    .averageDecay(0.99)
                    // The last model, not the best: the loss of held-out rows is noisier than what is left to learn.
                    .validationFraction(0)
                    .noise(truth instanceof ToyDistribution ? 0 : 0.05)
                    .dequantize(false)
                    .seed(seed)
                    .build();
        }
    }

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Directory for demo.png, energy.safetensors and score.safetensors (default: " + OUT
                    + ", where those of an earlier demo are replaced).")
    private @Nullable Path chosen;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            converter = Converters.Toy.class,
            defaultValue = "mixture",
            description = "What to learn (default: ${DEFAULT-VALUE}): gaussian, mixture, banana, ring, student-t; or without"
                    + " a known score two-moons, checkerboard, swiss-roll, pinwheel.")
    private ToySampler truth;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Key of all random numbers (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Converters.Count.class,
            defaultValue = Settings.STEPS,
            description = "Updates of each network (default: ${DEFAULT-VALUE}).")
    private long steps;

    @Option(names = "--force", description = "Replace files that exist in DIR.")
    private boolean force;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path out = chosen == null ? Path.of(OUT) : chosen;
        Path picture = out.resolve("demo.png");
        Path energyFile = out.resolve("energy.safetensors");
        Path scoreFile = out.resolve("score.safetensors");
        boolean made = prepareDirectory(out, List.of(picture, energyFile, scoreFile));
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter stdout = spec.commandLine().getOut();
        Dataset data = truth.sample(seed, Settings.ROWS);
        err.println("learning " + Settings.ROWS + " points of " + truth.id()
                + (truth instanceof ToyDistribution ? ", whose score is known" : ", whose score is not known"));
        try (Backend backend = backends.open();
                ScoreModel energy = train(ModelKind.ENERGY, data, backend, err);
                ScoreModel score = train(ModelKind.SCORE, data, backend, err)) {
            String subtitle = truth instanceof ToyDistribution known
                    ? report(stdout, known, energy, score)
                    : "The score of " + truth.id() + " is not known, so only the eye can compare";
            if (made) {
                Files.createDirectories(out);
            }
            energy.save(energyFile);
            score.save(scoreFile);
            if (Fonts.areThere()) {
                Langevin sampler = truth instanceof ToyDistribution ? Settings.SMOOTH : Settings.EDGED;
                Dataset samples = sampler.sample(score, Settings.SAMPLES, seed);
                AtomicFile.write(picture, DemoPicture.draw(data, energy, score, samples, subtitle));
                err.println("wrote " + picture + ", " + energyFile + ", " + scoreFile);
            } else {
                err.println("note: " + picture + " is not drawn, because " + Fonts.MISSING);
            }
        }
        return 0;
    }

    /** Throws unless all files can be written; true if their directory is yet to be made. */
    private boolean prepareDirectory(Path out, List<Path> files) {
        if (!Files.exists(out)) {
            OutputFiles.requireWritable("--out", out, force);
            return true;
        }
        if (!Files.isDirectory(out)) {
            throw new BadInputException("--out: " + out + " is a file; name a directory for the demo's files");
        }
        files.forEach(file -> OutputFiles.requireWritable("--out", file, force || chosen == null));
        return false;
    }

    private ScoreModel train(ModelKind kind, Dataset data, Backend backend, PrintWriter err) throws IOException {
        ProgressLine progress = new ProgressLine(err, String.format(Locale.ROOT, "%-8s", kind.id()));
        ScoreModel model = new Trainer(Settings.config(kind, truth, steps, seed), data, backend)
                .listener(progress)
                .run()
                .model();
        progress.finish();
        return model;
    }

    /** Prints how far the learned scores are from the true one, and returns it in a line. */
    private String report(PrintWriter out, ToyDistribution known, ScoreModel energy, ScoreModel score) {
        Dataset fresh = known.sample(seed + 1, Settings.FRESH_ROWS);
        double ofEnergy = ScoreError.relative(energy, known, fresh);
        double ofScore = ScoreError.relative(score, known, fresh);
        out.printf(Locale.ROOT, "relative Fisher error of the energy network: %.5f%n", ofEnergy);
        out.printf(Locale.ROOT, "relative Fisher error of the score network: %.5f%n", ofScore);
        out.flush();
        return String.format(
                Locale.ROOT,
                "Relative Fisher error on fresh points: energy network %.4f, score network %.4f",
                ofEnergy,
                ofScore);
    }
}
