package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/**
 * A backend that computes nothing: what is left is the time of those who use it. Its steps do what the Java half of a device's run
 * does, rates in and results out.
 */
final class IdleBackend implements Backend {
    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String description() {
        return "no kernels";
    }

    @Override
    public String kernels() {
        return "none";
    }

    @Override
    public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        return new Run(spec, start);
    }

    @Override
    public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
        throw new UnsupportedOperationException("nothing is evaluated here");
    }

    @Override
    public Scorer openScorer(Architecture architecture, Parameters parameters) {
        return new Unused(architecture);
    }

    @Override
    public void close() {}

    private static final class Run implements TrainingRun {
        private final TrainingSpec spec;
        private final TrainingState state;
        private double[] rates = new double[1];
        private long step;

        Run(TrainingSpec spec, TrainingState state) {
            this.spec = spec;
            this.state = state;
        }

        @Override
        public long step() {
            return step;
        }

        @Override
        public String kernels() {
            return "none";
        }

        @Override
        public StepResult step(int count) {
            throw new UnsupportedOperationException("results are wanted of all steps here");
        }

        @Override
        public void step(int count, StepResults results) {
            results.clear();
            if (rates.length < count) {
                rates = new double[count];
            }
            for (int i = 0; i < count; i++) {
                rates[i] = spec.schedule().rate(step + i);
            }
            for (int i = 0; i < count; i++) {
                results.add(++step, rates[i], 1);
            }
        }

        @Override
        public Gradient gradient(int from, int to) {
            throw new UnsupportedOperationException("nothing is evaluated here");
        }

        @Override
        public StepResult apply(Gradient gradient) {
            throw new UnsupportedOperationException("nothing is evaluated here");
        }

        @Override
        public Parameters parameters() {
            return Parameters.of(spec.architecture(), state.parameters());
        }

        @Override
        public TrainingState state() {
            return state;
        }

        @Override
        public void close() {}
    }

    private record Unused(Architecture architecture) implements Scorer {
        @Override
        public void evaluate(float[] inputs, int rows, float[] values, float[] scores) {
            throw new UnsupportedOperationException("nothing is evaluated here");
        }

        @Override
        public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
            throw new UnsupportedOperationException("nothing is evaluated here");
        }

        @Override
        public void close() {}
    }
}
