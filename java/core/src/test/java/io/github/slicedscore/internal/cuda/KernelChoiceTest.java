package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which kernels compute, where the system property asks for some. */
@ExtendWith(NothingStaysOpen.class)
class KernelChoiceTest {
    private @Nullable String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(KernelChoice.PROPERTY);
    }

    @AfterEach
    void restore() {
        ask(before);
    }

    private static void ask(@Nullable String value) {
        if (value == null) {
            System.clearProperty(KernelChoice.PROPERTY);
        } else {
            System.setProperty(KernelChoice.PROPERTY, value);
        }
    }

    /** Kernels of a run of a small network, for which the fused ones are made. */
    private static String kernels() {
        try (CudaBackend backend = NativeLibrary.open();
                TrainingRun run = TrainingCase.plain().open(backend)) {
            run.step(2);
            return run.kernels();
        }
    }

    @Test
    void byDefaultTheNetworkDecides() {
        for (String none : new String[] {null, "", "auto"}) {
            ask(none);
            assertThat(kernels()).matches("cuda-fp32-(fused|layered)-.+");
            try (CudaBackend backend = NativeLibrary.open()) {
                assertThat(backend.kernels()).doesNotContain("fused", "layered");
                assertThat(backend.description()).startsWith("fp32 ");
            }
        }
    }

    @Test
    void layeredOnesCanBeAskedFor() {
        ask("layered");
        assertThat(kernels()).startsWith("cuda-fp32-layered-");
        try (CudaBackend backend = NativeLibrary.open()) {
            assertThat(backend.kernels()).startsWith("cuda-fp32-layered-");
            assertThat(backend.description()).startsWith("layered fp32 ");
        }
    }

    /** The native library may lack fused kernels for a network: then it says that, or that it took the layered ones. */
    @Test
    void fusedOnesThatAreAskedForComputeOrAreRefusedByName() {
        ask("fused");
        String[] found = new String[1];
        Throwable refusal = catchThrowable(() -> found[0] = kernels());
        if (refusal == null) {
            assertThat(found[0]).matches("cuda-fp32-(fused|layered)-.+");
        } else {
            assertThat(refusal).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("fused");
        }
    }

    @Test
    void fusedOnesThatDoNotFitAreRefusedWithTheOptionThatAskedForThem() {
        EnergyMlp deep = new EnergyMlp(2, 0, Collections.nCopies(9, 8), Activation.TANH, 3);
        ask("fused");
        try (CudaBackend backend = NativeLibrary.open()) {
            assertThatThrownBy(() -> backend.openScorer(deep, Parameters.initialize(deep, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the fused kernels do not fit: 9 hidden layers, they take up to 8; "
                            + "leave out -Dslicedscore.cuda.kernels=fused, or ask for layered");
        }
        ask("layered");
        try (CudaBackend backend = NativeLibrary.open();
                Scorer scorer = backend.openScorer(deep, Parameters.initialize(deep, 1))) {
            assertThat(scorer.architecture()).isEqualTo(deep);
        }
    }

    @Test
    void anUnknownChoiceIsRefusedWithThoseThereAre() {
        ask("quick");
        assertThatThrownBy(() -> Backends.open("cuda", new BackendOptions()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("backend cuda can't be used here: -Dslicedscore.cuda.kernels=quick names no kernels; "
                        + "choose one of auto, layered, fused");
    }
}
