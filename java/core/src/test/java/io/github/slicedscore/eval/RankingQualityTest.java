package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankingQualityTest {
    private static final double[] VALUES = {0.9, 0.8, 0.8, 0.8, 0.7, 0.5, 0.5, 0.4, 0.3, 0.1, 0.1};
    private static final boolean[] POSITIVE = {true, true, false, true, false, true, false, false, true, false, false};

    /** AUC is scipy's mannwhitneyu over n_+ n_-; AP the sum over distinct thresholds, in exact fractions 457/630. */
    @Test
    void goldenValuesWithTies() {
        RankingQuality quality = RankingQuality.of(VALUES, POSITIVE);
        assertThat(quality.auc()).isCloseTo(0.75, within(1e-15));
        assertThat(quality.averagePrecision()).isCloseTo(457.0 / 630, within(1e-15));
        assertThat(quality.positives()).isEqualTo(5);
        assertThat(quality.negatives()).isEqualTo(6);
    }

    @Test
    void theOrderOfTheRowsMakesNoDifference() {
        double[] values = new double[VALUES.length];
        boolean[] positive = new boolean[VALUES.length];
        for (int i = 0; i < values.length; i++) {
            int from = (4 * i + 3) % values.length;
            values[i] = VALUES[from];
            positive[i] = POSITIVE[from];
        }
        assertThat(RankingQuality.of(values, positive)).isEqualTo(RankingQuality.of(VALUES, POSITIVE));
    }

    @Test
    void extremes() {
        boolean[] positive = {true, true, false, false};
        RankingQuality perfect = RankingQuality.of(new double[] {4, 3, 2, 1}, positive);
        assertThat(perfect.auc()).isEqualTo(1);
        assertThat(perfect.averagePrecision()).isEqualTo(1);
        RankingQuality inverted = RankingQuality.of(new double[] {1, 2, 3, Double.POSITIVE_INFINITY}, positive);
        assertThat(inverted.auc()).isZero();
        assertThat(inverted.averagePrecision()).isCloseTo((1 / 3.0 + 2 / 4.0) / 2, within(1e-15));
        RankingQuality blind = RankingQuality.of(new double[] {0.0, -0.0, 0.0, -0.0}, positive);
        assertThat(blind.auc()).isEqualTo(0.5);
        assertThat(blind.averagePrecision()).isEqualTo(0.5);
    }

    @Test
    void whatIsRefused() {
        assertThatThrownBy(() -> RankingQuality.of(new double[2], new boolean[3]))
                .hasMessageContaining("2 numbers do not go with 3 labels");
        assertThatThrownBy(() -> RankingQuality.of(new double[2], new boolean[2]))
                .hasMessageContaining("here are 0 and 2");
        assertThatThrownBy(() -> RankingQuality.of(new double[2], new boolean[] {true, true}))
                .hasMessageContaining("here are 2 and 0");
        assertThatThrownBy(() -> RankingQuality.of(new double[] {1, Double.NaN}, new boolean[] {true, false}))
                .hasMessageContaining("row 1");
    }
}
