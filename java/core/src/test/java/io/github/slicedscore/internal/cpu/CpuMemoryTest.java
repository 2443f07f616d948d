package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuMemoryTest {
    private static final Architecture NETWORK = new ScoreMlp(3, 0, List.of(10), Activation.TANH);
    private static final VarianceReducedScoreMatching OBJECTIVE =
            new VarianceReducedScoreMatching(new Slices(2, Projection.SPHERE));

    @Test
    void whatFitsIsOpened() {
        assertThat(CpuMemory.open(NETWORK, OBJECTIVE, 7, () -> "open")).isEqualTo("open");
    }

    /** A heap that others fill has no room for what would fit alone. */
    @Test
    void aHeapThatIsFullIsNamedWithFigures() {
        OutOfMemoryError full = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> CpuMemory.open(NETWORK, OBJECTIVE, 7, () -> {
                    throw full;
                }))
                .isInstanceOf(OutOfHeapException.class)
                .hasCause(full)
                .hasMessageContainingAll(
                        "a batch of 7 rows, each of 3 streams through 16 units, with a network of 73 parameters",
                        "of memory or more, and Java has",
                        "are free",
                        "-Xmx",
                        "take a smaller batch");
    }

    /**
     * Those of coefficients grow with the square of their number: two at a time, each of eight triangles and a square, and a square
     * beside them.
     */
    @Test
    void systemsThatDoNotFitAreRefusedBeforeTheTraining() {
        Architecture kernels = new DeepKernelEnergy(2, List.of(), Activation.TANH, 2, 1, 300_000, 2);
        assertThatThrownBy(() -> CpuMemory.openTraining(kernels, OBJECTIVE, 7, () -> "open"))
                .isInstanceOf(OutOfHeapException.class)
                .hasMessageContainingAll(
                        "systems of 300000 equations takes 7920.0", "GB of memory", "fewer kernels or inducing points");
        assertThat(CpuMemory.open(kernels, OBJECTIVE, 7, () -> "open")).isEqualTo("open");
    }

    @Test
    void arraysThatJavaDoesNotHaveAreNamed() {
        assertThatThrownBy(() -> CpuMemory.open(NETWORK, OBJECTIVE, 7, () -> {
                    throw new ArithmeticException("integer overflow");
                }))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("a batch of 7 rows", "2^31 numbers", "take a smaller batch");
    }

    /** Of the network of Song et al. 2019 for images, whose rows take 17 streams at a time through 4 times 4784 units. */
    @Test
    void rowsAtOnceAreFewOfALargeNetwork() {
        Nice nice = new Nice(784, List.of(1000, 1000, 1000, 1000), Activation.SOFTPLUS, 4, Nice.Prior.NORMAL);
        assertThat(CpuMemory.rows(nice, new ExactScoreMatching())).isEqualTo(48);
        assertThat(CpuMemory.rows(nice, OBJECTIVE)).isEqualTo(256);
        assertThat(CpuMemory.rows(NETWORK, new ExactScoreMatching())).isEqualTo(256);
    }
}
