package io.github.slicedscore.bench;

import io.github.slicedscore.Version;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.train.ModelKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * This library, driven by {@code bench/cpu.py} through its public interface. The argument names the kernels; commands beside
 * {@link StepTurns}':
 *
 * <ul>
 *   <li>{@code peak THREADS SECONDS}: GFLOP/s of {@link FmaLoop}
 *   <li>{@code score CONFIG THREADS ROWS}: seconds that scores of so many rows took, in one call
 *   <li>{@code row CONFIG CALLS}: median and 99th percentile of the microseconds of a single row's score
 *   <li>{@code mixture FOLDER SEED...}: writes the demo's data for a peer, {@link TimeToError}
 *   <li>{@code error KIND THREADS TARGET SEED}: seconds, steps and error of {@link TimeToError}
 * </ul>
 */
public final class OurTurns {
    /** Steps between two looks at the loss. */
    private static final int STEPS_A_CALL = 10;

    private static final int ROUNDS = 1 << 20;

    private final String kernels;

    private OurTurns(String kernels) {
        this.kernels = kernels;
    }

    /**
     * Obeys the standard input.
     *
     * @param args plain, simd, simd-512 and so on
     * @throws IOException if it can't be read
     */
    public static void main(String[] args) throws IOException {
        OurTurns turns = new OurTurns(args[0]);
        Turns.serve(
                turns.describe(),
                Map.of(
                        "run", new StepTurns(turns::train),
                        "peak", turns::peak,
                        "score", turns::score,
                        "row", turns::row,
                        "mixture", OurTurns::mixture,
                        "error", turns::error));
    }

    private Backend open(int threads) {
        return Computing.open(kernels, threads);
    }

    private String describe() {
        try (Backend backend = open(1)) {
            return "slicedscore " + Version.STRING + ", " + backend.kernels() + "; " + Machine.jdk();
        }
    }

    private StepTurns.Training train(Config config, int threads) {
        Backend backend = open(threads);
        TrainingRun run = config.openTraining(backend);
        return new StepTurns.Training() {
            @Override
            public void steps(int count) {
                for (int left = count; left > 0; left -= STEPS_A_CALL) {
                    StepResult result = run.step(Math.min(left, STEPS_A_CALL));
                    if (!result.isFinite()) {
                        throw new IllegalStateException("training diverged at step " + result.step());
                    }
                }
            }

            @Override
            public void close() {
                run.close();
                backend.close();
            }
        };
    }

    private String peak(List<String> arguments) {
        int threads = Integer.parseInt(arguments.get(0));
        double seconds = Double.parseDouble(arguments.get(1));
        double[] rates = new double[threads];
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int worker = i;
            workers[i] = new Thread(() -> rates[worker] = rate(seconds));
            workers[i].start();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
        return Double.toString(Arrays.stream(rates).sum());
    }

    private static double rate(double seconds) {
        work();
        long start = System.nanoTime();
        long rounds = 0;
        double elapsed = 0;
        while (elapsed < seconds) {
            work();
            rounds += ROUNDS;
            elapsed = 1e-9 * (System.nanoTime() - start);
        }
        return FmaLoop.gigaflop(rounds) / elapsed;
    }

    /** The loop's result is looked at, or the compiler would find that there is nothing to do. */
    private static void work() {
        float result = FmaLoop.run(ROUNDS);
        if (Float.isNaN(result)) {
            throw new IllegalStateException("the loop of fused multiply-adds went to NaN");
        }
    }

    private String score(List<String> arguments) {
        Config config = Config.valueOf(arguments.get(0));
        int rows = Integer.parseInt(arguments.get(2));
        float[] inputs = config.normals(rows, RandomStream.TOY);
        float[] scores = new float[inputs.length];
        try (Backend backend = open(Integer.parseInt(arguments.get(1)));
                Scorer scorer = config.openScorer(backend)) {
            // Compiles, and touches the arrays.
            scorer.evaluate(inputs, rows, null, scores);
            long start = System.nanoTime();
            scorer.evaluate(inputs, rows, null, scores);
            return Double.toString(1e-9 * (System.nanoTime() - start));
        }
    }

    private String row(List<String> arguments) {
        Config config = Config.valueOf(arguments.get(0));
        long[] times = new long[Integer.parseInt(arguments.get(1))];
        float[] input = config.normals(1, RandomStream.TOY);
        float[] score = new float[input.length];
        try (Backend backend = open(0);
                Scorer scorer = config.openScorer(backend)) {
            // The first pass compiles; the second counts.
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < times.length; i++) {
                    long start = System.nanoTime();
                    scorer.evaluate(input, 1, null, score);
                    times[i] = System.nanoTime() - start;
                }
            }
        }
        Arrays.sort(times);
        return 1e-3 * times[times.length / 2] + " " + 1e-3 * times[(int) (0.99 * times.length)];
    }

    private static String mixture(List<String> arguments) throws IOException {
        List<Long> seeds = arguments.stream().skip(1).map(Long::valueOf).toList();
        return new TimeToError().write(Path.of(arguments.get(0)), seeds);
    }

    private String error(List<String> arguments) {
        ModelKind kind = ModelKind.valueOf(arguments.get(0).toUpperCase(Locale.ROOT));
        try (Backend backend = open(Integer.parseInt(arguments.get(1)))) {
            return new TimeToError()
                    .measure(kind, backend, Double.parseDouble(arguments.get(2)), Long.parseLong(arguments.get(3)));
        }
    }
}
