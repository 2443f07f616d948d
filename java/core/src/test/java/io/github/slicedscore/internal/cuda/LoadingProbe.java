package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.nio.file.Path;
import java.util.List;

/** A program of its own that says whether the native library works and, if not, what each way to ask for it answers. */
final class LoadingProbe {
    /** Set to "true", leaves a scorer open. */
    static final String LEAK = "slicedscore.leak";

    private LoadingProbe() {}

    public static void main(String[] arguments) {
        System.out.println(CudaProbe.probe(0, Precision.FP32, List.of(Path.of("/"))));
        System.out.println(new CudaBackendProvider().status(new BackendOptions(1, 0)));
        try (Backend backend = Backends.open("cuda", new BackendOptions(1, 0))) {
            System.out.println("opened " + backend.name());
        } catch (BackendUnavailableException e) {
            System.out.println("refused: " + e.getMessage());
        }
        Architecture architecture = new ScoreMlp(1, 0, List.of(), Activation.TANH);
        float[] score = new float[1];
        for (int i = 0; i < 2; i++) {
            try (Backend backend = Backends.auto(new BackendOptions(1, 0));
                    Scorer scorer =
                            backend.openScorer(architecture, Parameters.of(architecture, new float[] {-2, 0.5f}))) {
                scorer.evaluate(new float[] {3}, 1, null, score);
                System.out.println(backend.name() + " computes " + score[0]);
            }
        }
        if (Boolean.getBoolean(LEAK)) {
            Backends.auto(new BackendOptions(1, 0)).openScorer(architecture, Parameters.initialize(architecture, 1));
        }
    }
}
