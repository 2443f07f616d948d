package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend whose runs write down how many steps they were asked for at once, and diverge when told to.
 *
 * @param before what computes
 * @param sound steps that can be done; what is not finite comes behind them
 * @param counts those numbers, in order
 */
record CountingBackend(Backend before, long sound, List<Integer> counts) implements ForwardingBackend {
    CountingBackend(Backend before) {
        this(before, Long.MAX_VALUE);
    }

    CountingBackend(Backend before, long sound) {
        this(before, sound, new ArrayList<>());
    }

    int most() {
        return counts.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    @Override
    public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        return new Run(before.openTraining(spec, rows, start), sound, counts);
    }

    private record Run(TrainingRun before, long sound, List<Integer> counts) implements TrainingRun {
        @Override
        public long step() {
            return before.step();
        }

        @Override
        public String kernels() {
            return before.kernels();
        }

        @Override
        public StepResult step(int count) {
            return before.step(count);
        }

        @Override
        public void step(int count, StepResults results) {
            counts.add(count);
            int possible = (int) Math.min(count, sound - before.step());
            results.clear();
            if (possible > 0) {
                before.step(possible, results);
            }
            if (possible < count) {
                results.add(before.step(), Double.NaN, 1);
            }
        }

        @Override
        public Gradient gradient(int from, int to) {
            return before.gradient(from, to);
        }

        @Override
        public StepResult apply(Gradient gradient) {
            return before.apply(gradient);
        }

        @Override
        public Parameters parameters() {
            return before.parameters();
        }

        @Override
        public TrainingState state() {
            return before.state();
        }

        @Override
        public void close() {
            before.close();
        }
    }
}
