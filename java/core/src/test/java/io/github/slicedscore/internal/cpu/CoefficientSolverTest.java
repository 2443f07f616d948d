package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoefficientSolverTest {
    /** Of the loss (g - best)^2, and no further than 1 from the start. */
    @ParameterizedTest
    @CsvSource({"-2.3,-2,-2.3", "-1.2,-2,-1.2", "-2,-2,-2", "-7,-2,-3", "3,-2,-1"})
    void theSearchEndsWhereTheLossIsLeast(double best, double start, double found) {
        assertThat(CoefficientSolver.fall(g -> 2 * (g - best), start)).isCloseTo(found, within(1e-6));
    }
}
