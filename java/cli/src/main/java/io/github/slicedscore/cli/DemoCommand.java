package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.data.ToySampler;
import io.github.slicedscore.eval.ScoreError;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
            "The relative Fisher error is E|s - t|^2 / E|t|^2 of the learned score s and the"
                    + " true one t, over fresh points: 0 is perfect, and a score of 0 everywhere has 1.",
            "",
            "Examples:",
            "  slicedscore demo",
            "  slicedscore demo --dataset two-moons --out /tmp/moons",
            "  slicedscore demo --out /tmp/demo --steps 2000"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
    private static final String OUT = "slicedscore-demo";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = OUT,
            description =
                    "Directory for demo.png, energy.safetensors and score.safetensors (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            converter = Converters.Toy.class,
            completionCandidates = Converters.Toy.class,
            defaultValue = "mixture",
            description =
                    "What to learn (default: ${DEFAULT-VALUE}): gaussian, mixture, banana, ring, student-t; or without"
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
            defaultValue = DemoSettings.STEPS,
            description = "Updates of each network (default: ${DEFAULT-VALUE}).")
    private long steps;

    @Mixin
    private ForceOption force;

    @Mixin
    private JsonOption json;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path picture = out.resolve("demo.png");
        Path energyFile = out.resolve("energy.safetensors");
        Path scoreFile = out.resolve("score.safetensors");
        boolean made = prepareDirectory(out, List.of(picture, energyFile, scoreFile));
        PrintWriter err = spec.commandLine().getErr();
        Dataset data = truth.sample(seed, DemoSettings.ROWS);
        err.println("learning " + DemoSettings.ROWS + " points of " + truth.id()
                + (truth instanceof ToyDistribution ? ", whose score is known" : ", whose score is not known"));
        try (Backend backend = backends.open();
                ScoreModel energy = train(ModelKind.ENERGY, data, backend, err);
                ScoreModel score = train(ModelKind.SCORE, data, backend, err)) {
            FisherErrors errors =
                    truth instanceof ToyDistribution known ? FisherErrors.of(known, energy, score, seed) : null;
            if (made) {
                Files.createDirectories(out);
            }
            energy.save(energyFile);
            score.save(scoreFile);
            boolean drawn = Fonts.areThere();
            if (drawn) {
                ModelKind drawnWith = DemoSettings.drawnWith(truth);
                Dataset samples = DemoSettings.sampler(truth)
                        .sample(drawnWith == ModelKind.ENERGY ? energy : score, DemoSettings.SAMPLES, seed);
                AtomicFile.write(picture, DemoPicture.draw(data, energy, score, samples, drawnWith, subtitle(errors)));
                err.println("wrote " + picture + ", " + energyFile + ", " + scoreFile);
            } else {
                err.println("note: " + picture + " is not drawn, because " + Fonts.MISSING);
            }
            err.flush();
            json.print(
                    () -> errors == null ? "" : errors.text(),
                    () -> JsonText.of(JsonText.map(
                            "dataset",
                            truth.id(),
                            "relative_fisher_error",
                            errors == null ? null : errors.facts(),
                            "energy_model",
                            energyFile,
                            "score_model",
                            scoreFile,
                            "picture",
                            drawn ? picture : null)));
        }
        return 0;
    }

    /** Throws unless all files can be written; true if their directory is yet to be made. */
    private boolean prepareDirectory(Path out, List<Path> files) {
        if (!Files.exists(out)) {
            force.requireWritable("--out", out);
            return true;
        }
        if (!Files.isDirectory(out)) {
            throw new BadInputException("--out: " + out + " is a file; name a directory for the demo's files");
        }
        files.forEach(file -> force.requireWritable("--out", file));
        return false;
    }

    private ScoreModel train(ModelKind kind, Dataset data, Backend backend, PrintWriter err) throws IOException {
        ProgressLine progress = new ProgressLine(err, String.format(Locale.ROOT, "%-8s", kind.id()));
        return new Trainer(DemoSettings.config(kind, truth, steps, seed), data, backend)
                .listener(progress)
                .run()
                .model();
    }

    private String subtitle(@Nullable FisherErrors errors) {
        return errors == null
                ? "The score of " + truth.id() + " is not known, so only the eye can compare"
                : String.format(
                        Locale.ROOT,
                        "Relative Fisher error on fresh points: energy network %.4f, score network %.4f",
                        errors.energy(),
                        errors.score());
    }

    /**
     * How far the learned scores are from the true one on fresh points, see {@link ScoreError#relative}.
     *
     * @param energy that of the energy network
     * @param score that of the score network
     */
    private record FisherErrors(double energy, double score) {
        static FisherErrors of(ToyDistribution known, ScoreModel energy, ScoreModel score, long seed) {
            Dataset fresh = known.sample(seed + 1, DemoSettings.FRESH_ROWS);
            return new FisherErrors(
                    ScoreError.relative(energy, known, fresh), ScoreError.relative(score, known, fresh));
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "relative Fisher error of the energy network: %.5f%n"
                            + "relative Fisher error of the score network: %.5f%n",
                    energy,
                    score);
        }

        Map<String, @Nullable Object> facts() {
            return JsonText.map("energy", energy, "score", score);
        }
    }
}
