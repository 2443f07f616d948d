package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;

/** A program of its own that says which kernels it computes with, for {@link KernelSelectionJvmTest}. */
final class SelectionProbe {
    private SelectionProbe() {}

    /** The argument names the backend. */
    public static void main(String[] arguments) {
        System.out.println(
                new CpuBackendProvider().status(new BackendOptions(1, 0)) instanceof BackendStatus.Available here
                        ? here.description() + "; " + here.hint()
                        : "unavailable");
        Architecture architecture = new ScoreMlp(1, 0, List.of(), Activation.TANH);
        float[] score = new float[1];
        for (int i = 0; i < 2; i++) {
            try (Backend backend = Backends.open(arguments[0], new BackendOptions(1, 0));
                    Scorer scorer =
                            backend.openScorer(architecture, Parameters.of(architecture, new float[] {-2, 0.5f}))) {
                scorer.evaluate(new float[] {3}, 1, null, score);
                System.out.println(backend.kernels() + " computes " + score[0]);
            }
        }
        if (KernelSelection.chosen().bits() > 0) {
            System.out.println(SimdSpecies.FLOATS);
        }
    }
}
