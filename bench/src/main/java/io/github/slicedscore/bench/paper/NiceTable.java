package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.bench.Machine;
import io.github.slicedscore.bench.NiceTurns;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.LearningRate;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * The paper's table 1, NICE on MNIST: exact score-matching loss and log-likelihood of test images after trainings by maximum
 * likelihood, SSM, SSM-VR and DSM, and samples.
 *
 * <pre>
 * java -Xmx4g -cp bench/target/benchmarks.jar io.github.slicedscore.bench.paper.NiceTable [--steps mle=42200,ssm-vr=42200,...]
 *     [--rate 0.001] [--clip 100] [--loss-rows 10000] [--results bench/paper] TRAIN-IMAGES TEST-IMAGES
 * </pre>
 *
 * <p>100 epochs are 42,200 steps. An objective without steps is left out. Rates are those of the paper's code; one that is given
 * is reached after 100 steps. Gradients are not
 * clipped unless a norm is given.
 */
public final class NiceTable {
    private static final Slices SLICE = new Slices(1, Projection.RADEMACHER);
    private static final int VALIDATION = 6000;
    private static final int SIDE = 28;
    private static final int PER_ROW = 12;
    private static final int WARM_UP = 100;

    /** Objective, the paper's rate, and the paper's loss and log-likelihood. */
    private record Row(Objective objective, double rate, int paperLoss, int paperLogLikelihood) {}

    private static final List<Row> ROWS = List.of(
            new Row(new MaximumLikelihood(), 1e-4, -579, -791),
            new Row(new VarianceReducedScoreMatching(SLICE), 1e-4, -8054, -3355),
            new Row(new SlicedScoreMatching(SLICE), 1e-4, -2428, -2039),
            new Row(new DenoisingScoreMatching(0.1), 1e-3, -3035, -4363));

    private NiceTable() {}

    /**
     * Trains, prints as it goes, and writes RESULTS.md, curves and a picture of samples.
     *
     * @param args as above
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] args) throws IOException {
        Map<String, Long> steps = new LinkedHashMap<>();
        ROWS.forEach(row -> steps.put(row.objective().id(), 42_200L));
        int lossRows = 10_000;
        double rate = 0;
        double clip = 0;
        Path results = Path.of("bench/paper");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--") && i + 1 == args.length) {
                throw usage();
            }
            switch (args[i]) {
                case "--steps" -> {
                    steps.clear();
                    for (String part : args[++i].split(",", -1)) {
                        int equals = part.indexOf('=');
                        if (equals < 0) {
                            throw usage();
                        }
                        steps.put(part.substring(0, equals), Long.parseLong(part.substring(equals + 1)));
                    }
                }
                case "--rate" -> rate = Double.parseDouble(args[++i]);
                case "--clip" -> clip = Double.parseDouble(args[++i]);
                case "--loss-rows" -> lossRows = Integer.parseInt(args[++i]);
                case "--results" -> results = Path.of(args[++i]);
                default -> files.add(Path.of(args[i]));
            }
        }
        Set<String> known = ROWS.stream().map(row -> row.objective().id()).collect(Collectors.toSet());
        if (files.size() != 2 || lossRows < 2 || steps.isEmpty() || !known.containsAll(steps.keySet())) {
            throw usage();
        }
        Files.createDirectories(results);
        LogitImages all = LogitImages.read(files.get(0), 1).shuffled(2019);
        LogitImages training = all.part(0, all.rows() - VALIDATION);
        LogitImages validation = all.part(all.rows() - VALIDATION, all.rows());
        LogitImages test = LogitImages.read(files.get(1), 2);
        StringBuilder text = new StringBuilder();
        StringBuilder curves = new StringBuilder("objective,step,seconds,loss,log_likelihood\n");
        List<NiceRun> runs = new ArrayList<>();
        try (Backend backend = Backends.open("cpu", new BackendOptions())) {
            text.append(Machine.describe())
                    .append("; ")
                    .append(Machine.jdk())
                    .append("; ")
                    .append(backend.description())
                    .append(clip > 0 ? "; gradients clipped to a norm of " + clip : "")
                    .append(".\n\n")
                    .append(
                            "| objective | rate | steps | epochs | seconds | test SM loss (images) | paper's | log-likelihood | paper's |\n")
                    .append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            for (Row row : ROWS) {
                String id = row.objective().id();
                if (!steps.containsKey(id)) {
                    continue;
                }
                LearningRate learning = rate > 0
                        ? new LearningRate(rate, LearningRate.Shape.CONSTANT, WARM_UP)
                        : new LearningRate(row.rate(), LearningRate.Shape.CONSTANT, 0);
                NiceRun run = NiceRun.of(
                        backend,
                        training,
                        validation,
                        test,
                        row.objective(),
                        learning,
                        clip,
                        steps.get(id),
                        Math.min(lossRows, test.rows()),
                        1);
                runs.add(run);
                run.curve()
                        .forEach(point -> curves.append(String.format(
                                Locale.ROOT,
                                "%s,%d,%.1f,%.2f,%.2f%n",
                                id,
                                point.step(),
                                point.seconds(),
                                point.loss(),
                                point.logLikelihood())));
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %.1f | %.0f | %.0f ± %.0f (%d) | %d | %.0f | %d |%n",
                        id,
                        learning.peak(),
                        run.steps(),
                        (double) run.steps() * NiceTurns.BATCH / training.rows(),
                        run.seconds(),
                        run.testLoss(),
                        run.lossError(),
                        run.lossRows(),
                        row.paperLoss(),
                        run.logLikelihood(),
                        row.paperLogLikelihood()));
                System.out.println(text);
                System.out.printf(Locale.ROOT, "exact loss: %.2f images a second%n", run.lossRate());
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "%nThe exact trace over 784 dimensions went at %.2f images a second. Curves: nice-curves.csv.%n%n![samples](nice.png)%n",
                runs.stream().mapToDouble(NiceRun::lossRate).average().orElse(Double.NaN)));
        Sections.replace(results.resolve("RESULTS.md"), "NICE on MNIST (table 1)", text.toString());
        Files.writeString(results.resolve("nice-curves.csv"), curves);
        draw(runs, results.resolve("nice.png"));
    }

    private static IllegalArgumentException usage() {
        return new IllegalArgumentException("usage: NiceTable [--steps mle=N,ssm-vr=N,ssm=N,dsm=N] [--rate R]"
                + " [--clip NORM] [--loss-rows N, 2 or more] [--results FOLDER] TRAIN-IMAGES TEST-IMAGES");
    }

    /** A block of samples for each run, one below the other. */
    private static void draw(List<NiceRun> runs, Path picture) throws IOException {
        int rowsEach = NiceRun.SAMPLES / PER_ROW;
        BufferedImage image =
                new BufferedImage(PER_ROW * SIDE, runs.size() * (rowsEach * SIDE + 4), BufferedImage.TYPE_BYTE_GRAY);
        for (int r = 0; r < runs.size(); r++) {
            float[] samples = runs.get(r).samples();
            for (int i = 0; i < samples.length; i++) {
                int sample = i / LogitImages.DIMENSION;
                int pixel = i % LogitImages.DIMENSION;
                int x = sample % PER_ROW * SIDE + pixel % SIDE;
                int y = r * (rowsEach * SIDE + 4) + sample / PER_ROW * SIDE + pixel / SIDE;
                image.getRaster().setSample(x, y, 0, (int) (255 * LogitImages.light(samples[i])));
            }
        }
        ImageIO.write(image, "png", picture.toFile());
    }
}
