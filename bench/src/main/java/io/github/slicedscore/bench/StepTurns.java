package io.github.slicedscore.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code run CONFIG THREADS STEPS}: seconds that so many training steps took, after a few that are not timed. What
 * is open stays open until another configuration or number of threads is asked for.
 */
final class StepTurns implements Turns.Command {
    /** A training under way. */
    interface Training extends AutoCloseable {
        /** Does so many steps, and looks at the loss now and then. */
        void steps(int count);

        @Override
        void close();
    }

    /** Begins one. */
    interface Opener {
        /** Opens a training of this configuration on so many threads. */
        Training open(Config config, int threads);
    }

    private final Opener opener;
    private String what = "";
    private @Nullable Training open;

    StepTurns(Opener opener) {
        this.opener = opener;
    }

    @Override
    public String answer(List<String> arguments) {
        int threads = Integer.parseInt(arguments.get(1));
        int steps = Integer.parseInt(arguments.get(2));
        Training training = training(Config.valueOf(arguments.get(0)), threads);
        training.steps(Math.max(2, steps / 20));
        long start = System.nanoTime();
        training.steps(steps);
        return Double.toString(1e-9 * (System.nanoTime() - start));
    }

    private Training training(Config config, int threads) {
        String wanted = config + " " + threads;
        if (open == null || !what.equals(wanted)) {
            if (open != null) {
                open.close();
            }
            open = opener.open(config, threads);
            what = wanted;
        }
        return open;
    }
}
