package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ScoreMlp;
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

    @Test
    void arraysThatJavaDoesNotHaveAreNamed() {
        assertThatThrownBy(() -> CpuMemory.open(NETWORK, OBJECTIVE, 7, () -> {
                    throw new ArithmeticException("integer overflow");
                }))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("a batch of 7 rows", "2^31 numbers", "take a smaller batch");
    }
}
