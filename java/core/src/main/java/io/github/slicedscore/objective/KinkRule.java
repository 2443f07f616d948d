package io.github.slicedscore.objective;

import io.github.slicedscore.model.Activation.Smoothness;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Optional;

/** Which networks an objective may use. */
final class KinkRule {
    private KinkRule() {}

    /** For losses of J v: act' is continuous on score networks, act'' on energies. */
    static void ofCurvature(Objective objective, Architecture architecture) {
        boolean energy = architecture.isEnergy();
        check(
                objective,
                architecture,
                energy ? Smoothness.ANALYTIC : Smoothness.FIRST,
                (energy ? "the second" : "the first") + " derivative of %s jumps, and the gradient of v.J v misses what"
                        + " happens at the jump");
    }

    /** For losses of s alone: act' is continuous on energies. */
    static void ofScore(Objective objective, Architecture architecture) {
        if (architecture.isEnergy()) {
            check(
                    objective,
                    architecture,
                    Smoothness.FIRST,
                    "the first derivative of %s jumps, and with it the score; the gradient of the loss misses what happens at"
                            + " the jump");
        }
    }

    private static void check(Objective objective, Architecture architecture, Smoothness needed, String reason) {
        String activation = architecture.activation().id();
        if (!architecture.hidden().isEmpty()
                && architecture.activation().smoothness().compareTo(needed) < 0) {
            throw new IllegalArgumentException(
                    "the activation " + activation + " does not go with " + objective.id() + " on networks of the kind "
                            + architecture.kind() + ": "
                            + reason.formatted(activation)
                            + ", so training would be biased; use softplus, tanh, silu, gelu, sigmoid or sin"
                            + (needed == Smoothness.FIRST ? ", or elu" : ""));
        }
    }

    /** The network knows the objective's levels, and no others. */
    static void levels(Objective objective, Architecture architecture) {
        Optional<NoiseLevels> wanted = objective.noiseLevels();
        Optional<NoiseLevels> known = architecture.noiseLevels();
        if (!wanted.equals(known)) {
            throw new IllegalArgumentException(objective.id()
                    + (wanted.isPresent() ? " trains the levels " + wanted.get() : " trains no noise levels")
                    + ", but the network " + (known.isPresent() ? "knows " + known.get() : "knows none")
                    + "; give the network the objective's levels");
        }
    }
}
