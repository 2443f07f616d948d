package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/** A backend that leaves to another what it does not do itself; that other one stays open. */
interface ForwardingBackend extends Backend {
    Backend before();

    @Override
    default String name() {
        return before().name();
    }

    @Override
    default String description() {
        return before().description();
    }

    @Override
    default String kernels() {
        return before().kernels();
    }

    @Override
    default TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        return before().openTraining(spec, rows, start);
    }

    @Override
    default ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
        return before().openObjective(architecture, objective);
    }

    @Override
    default Scorer openScorer(Architecture architecture, Parameters parameters) {
        return before().openScorer(architecture, parameters);
    }

    @Override
    default void close() {}
}
