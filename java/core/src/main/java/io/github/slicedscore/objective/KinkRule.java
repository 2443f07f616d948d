package io.github.slicedscore.objective;

import io.github.slicedscore.model.Activation.Smoothness;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;

/** Which activations an objective with second derivatives may use: act' continuous on score networks, act'' on energies. */
final class KinkRule {
    private KinkRule() {}

    static void check(Objective objective, Architecture architecture) {
        if (architecture.hidden().isEmpty()) {
            return;
        }
        boolean energy = architecture instanceof EnergyMlp;
        Smoothness needed = energy ? Smoothness.ANALYTIC : Smoothness.FIRST;
        Smoothness given = architecture.activation().smoothness();
        if (given.compareTo(needed) < 0) {
            throw new IllegalArgumentException(
                    "the activation " + architecture.activation().id() + " does not go with "
                            + objective.id() + " on " + (energy ? "an energy" : "a score") + " network: the "
                            + (energy ? "second" : "first") + " derivative of "
                            + architecture.activation().id()
                            + " jumps, and the gradient of v.J v misses what happens at the jump, so training would be biased;"
                            + " use softplus, tanh, silu, gelu, sigmoid or sin" + (energy ? "" : ", or elu"));
        }
    }
}
