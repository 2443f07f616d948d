package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is warned of, and in which words. */
class ChainDiagnosticsTest {
    private static final Adaptation ADAPTED = new Adaptation(100, 0.5, List.of(1.0, 1.0), 0.8, 0.7, 0.82);

    /** Two columns of independent normal numbers; the second column of chain 0 is shifted. */
    private static Trace trace(int draws, int chains, double shift) {
        double[] values = new double[draws * chains * 2];
        float[] row = new float[2];
        Philox philox = new Philox();
        for (int i = 0; i < draws * chains; i++) {
            philox.normals(1, i, RandomStream.SAMPLER, 0, 0, row, 0, 2);
            values[2 * i] = row[0];
            values[2 * i + 1] = row[1] + (i % chains == 0 ? shift : 0);
        }
        return new Trace(values, draws, chains, 2);
    }

    private static final List<String> NAMES = List.of("a", "b");

    @Test
    void independentDrawsHaveNoWarnings() {
        ChainDiagnostics diagnostics = ChainDiagnostics.of(trace(500, 4, 0), NAMES, ADAPTED, 0);
        assertThat(diagnostics.warnings()).isEmpty();
        assertThat(diagnostics.chains()).isEqualTo(4);
        assertThat(diagnostics.draws()).isEqualTo(500);
        assertThat(diagnostics.adaptation()).contains(ADAPTED);
        assertThat(diagnostics.largestRHat().orElseThrow()).isBetween(0.99, 1.02);
        assertThat(diagnostics.smallestEffectiveSize().orElseThrow()).isBetween(1500.0, 2500.0);
    }

    @Test
    void aColumnWhoseChainsDisagreeIsNamed() {
        ChainDiagnostics diagnostics = ChainDiagnostics.of(trace(500, 4, 3), NAMES);
        assertThat(diagnostics.warnings()).hasSize(2);
        assertThat(diagnostics.warnings().get(0))
                .contains("for column 'b'")
                .contains("above 1.05 for 1 of 2 columns")
                .contains("have not mixed");
        assertThat(diagnostics.warnings().get(1))
                .contains("2000 draws are worth")
                .contains("column 'b'");
        assertThat(diagnostics.largestRHat())
                .isEqualTo(diagnostics.columns().get(1).rHat());
        assertThat(diagnostics.smallestEffectiveSize())
                .isEqualTo(diagnostics.columns().get(1).effectiveSize());
    }

    @Test
    void acceptanceFarFromItsTargetAndChainsThatStandStillAreNamed() {
        Adaptation off = new Adaptation(100, 0.5, List.of(1.0, 1.0), 0.8, 0.7, 0.65);
        ChainDiagnostics diagnostics = ChainDiagnostics.of(trace(500, 4, 0), NAMES, off, 2);
        assertThat(diagnostics.warnings()).hasSize(2);
        assertThat(diagnostics.warnings().get(0)).contains("2 of 4 chains never moved");
        assertThat(diagnostics.warnings().get(1))
                .contains("probability 0.65, not 0.80")
                .contains("longer warm-up than 100");
    }

    @Test
    void fewDrawsAndAColumnWithoutMovementTellNothing() {
        ChainDiagnostics few = ChainDiagnostics.of(trace(3, 4, 0), NAMES);
        assertThat(few.largestRHat()).isEmpty();
        assertThat(few.smallestEffectiveSize()).isEmpty();
        assertThat(few.warnings()).hasSize(1);
        assertThat(few.warnings().get(0)).contains("3 draws").contains("at least 4");

        ChainDiagnostics still = ChainDiagnostics.of(new Trace(new double[200], 10, 10, 2), NAMES);
        assertThat(still.warnings()).containsExactly("no chain moved in column 'a'", "no chain moved in column 'b'");
    }

    @Test
    void aTraceKnowsItsOrder() {
        Trace trace = new Trace(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
        assertThat(trace.value(1, 0, 1)).isEqualTo(8);
        assertThat(trace.value(0, 2, 0)).isEqualTo(5);
        assertThat(trace.last(2)).containsExactly(9, 10, 11, 12);
        assertThatThrownBy(() -> trace.last(7)).hasMessageContaining("no 7 states");
        assertThatThrownBy(() -> new Trace(new double[5], 2, 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 numbers, not 5");
        assertThatThrownBy(() -> ChainDiagnostics.of(trace, List.of("a"))).hasMessageContaining("[a]");
    }
}
