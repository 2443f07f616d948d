package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.bench.Machine;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The paper's figures 1 and 3, DKEF on small tables, as a table and a picture of bars: for each file, objective and seed a
 * training, its exact score-matching loss on test rows and its log-likelihood.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar io.github.slicedscore.bench.paper.KernelTable [--seeds 5] [--leave-out quality]
 *     [--results bench/paper] FILE.csv ...
 * </pre>
 */
public final class KernelTable {
    private static final Slices SLICE = new Slices(1, Projection.RADEMACHER);

    /** Of the paper's code, in units of whitened data. */
    private static final double SIGMA = 0.16;

    private static final double EPSILON = 0.02;

    static final List<Objective> OBJECTIVES = List.of(
            new ExactScoreMatching(),
            new VarianceReducedScoreMatching(SLICE),
            new SlicedScoreMatching(SLICE),
            new DenoisingScoreMatching(SIGMA),
            new FiniteDifferenceScoreMatching(SLICE, EPSILON));

    private KernelTable() {}

    /**
     * Trains, prints as it goes, and writes RESULTS.md and a picture.
     *
     * @param args as above
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] args) throws IOException {
        int seeds = 5;
        String leftOut = "";
        Path results = Path.of("bench/paper");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--") && i + 1 == args.length) {
                throw usage(args[i] + " needs a value");
            }
            switch (args[i]) {
                case "--seeds" -> seeds = Integer.parseInt(args[++i]);
                case "--leave-out" -> leftOut = args[++i];
                case "--results" -> results = Path.of(args[++i]);
                default -> files.add(Path.of(args[i]));
            }
        }
        if (files.isEmpty() || seeds < 2) {
            throw usage("give CSV files, and at least 2 seeds");
        }
        Files.createDirectories(results);
        List<KernelRun> runs = new ArrayList<>();
        try (Backend backend = Backends.open("cpu", new BackendOptions())) {
            for (Path file : files) {
                for (long seed = 1; seed <= seeds; seed++) {
                    PaperRows rows = PaperRows.read(file, leftOut, seed);
                    for (Objective objective : OBJECTIVES) {
                        KernelRun run = KernelRun.of(backend, rows, objective, seed);
                        System.out.println(run);
                        runs.add(run);
                    }
                }
            }
            String text = text(runs, seeds, backend.description());
            System.out.println(text);
            Sections.replace(results.resolve("RESULTS.md"), "Deep kernel energies (figures 1 and 3)", text);
        }
        KernelBars.draw(runs, results.resolve("dkef.png"));
    }

    private static IllegalArgumentException usage(String fault) {
        return new IllegalArgumentException(
                fault + "; usage: KernelTable [--seeds N] [--leave-out COLUMN] [--results FOLDER] FILE.csv ...");
    }

    private static String text(List<KernelRun> runs, int seeds, String backend) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("Means of ")
                .append(seeds)
                .append(
                        " seeds and their standard errors; log-likelihoods by importance sampling with 10^6 draws, log Z's own")
                .append(" standard error\nand the effective number of draws at the median. ")
                .append(Machine.describe())
                .append("; ")
                .append(Machine.jdk())
                .append("; ")
                .append(backend)
                .append(".\n\n![bars](dkef.png)\n");
        for (String table : runs.stream().map(KernelRun::table).distinct().toList()) {
            text.append("\n### ").append(table).append("\n\n");
            text.append(
                    "| objective | test SM loss | log-likelihood | error of log Z | effective draws | steps | seconds |\n");
            text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            for (Objective objective : OBJECTIVES) {
                List<KernelRun> list = KernelRun.select(runs, table, objective.id());
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %.3f | %.0f | %.0f | %.1f |%n",
                        objective.id(),
                        Spread.of(list, KernelRun::testLoss),
                        Spread.of(list, KernelRun::logLikelihood),
                        median(list, KernelRun::normalizerError),
                        median(list, KernelRun::effectiveDraws),
                        median(list, KernelRun::steps),
                        median(list, KernelRun::seconds)));
            }
            List<KernelRun> exact = KernelRun.select(runs, table, "exact");
            text.append('\n');
            for (String other : List.of("ssm-vr", "ssm")) {
                List<KernelRun> sliced = KernelRun.select(runs, table, other);
                text.append(String.format(
                        Locale.ROOT,
                        "%s less exact, seed by seed: loss %s, log-likelihood %s.%n",
                        other,
                        Spread.ofDifferences(sliced, exact, KernelRun::testLoss),
                        Spread.ofDifferences(sliced, exact, KernelRun::logLikelihood)));
            }
        }
        return text.toString();
    }

    private static double median(List<KernelRun> runs, ToDoubleFunction<KernelRun> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
