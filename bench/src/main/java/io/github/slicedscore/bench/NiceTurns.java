package io.github.slicedscore.bench;

import io.github.slicedscore.Version;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Training steps of NICE as Song et al. 2019 take it for images, driven by {@code bench/paper/nice.py}: 784 columns, 4 couplings
 * with four hidden layers of 1000 units, batches of 128. The command {@code run OBJECTIVE THREADS STEPS}, of mle or ssm-vr,
 * answers the seconds that so many steps took, after one that is not timed.
 */
public final class NiceTurns {
    /** Pixels of an image of MNIST. */
    private static final int DIMENSION = 784;

    /** The paper's batch. */
    public static final int BATCH = 128;

    /** The paper's network. */
    public static final Nice NETWORK =
            new Nice(DIMENSION, List.of(1000, 1000, 1000, 1000), Activation.SOFTPLUS, 4, Nice.Prior.NORMAL);

    private static final int ROWS = 16 * BATCH;
    private static final long SEED = 1;

    private final String kernels;

    private NiceTurns(String kernels) {
        this.kernels = kernels;
    }

    /**
     * Obeys the standard input.
     *
     * @param args plain, simd, simd-512 and so on
     * @throws IOException if it can't be read
     */
    public static void main(String[] args) throws IOException {
        NiceTurns turns = new NiceTurns(args[0]);
        Turns.serve("slicedscore " + Version.STRING + ", " + args[0], Map.of("run", turns::run));
    }

    private String run(List<String> arguments) {
        Objective objective = arguments.get(0).equals("mle")
                ? new MaximumLikelihood()
                : new VarianceReducedScoreMatching(new Slices(1, Projection.RADEMACHER));
        TrainingSpec spec =
                new TrainingSpec(NETWORK, objective, new Adam(), new Schedule.Constant(1e-4), 0, 0, BATCH, SEED);
        try (Backend backend = Computing.open(kernels, Integer.parseInt(arguments.get(1)));
                TrainingRun run = backend.openTraining(
                        spec, NormalRows.of(ROWS, DIMENSION, SEED), TrainingState.initial(NETWORK, SEED))) {
            run.step(1);
            long start = System.nanoTime();
            run.step(Integer.parseInt(arguments.get(2)));
            return Double.toString(1e-9 * (System.nanoTime() - start));
        }
    }
}
