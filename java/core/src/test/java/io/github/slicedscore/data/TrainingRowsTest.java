package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import org.junit.jupiter.api.Test;

class TrainingRowsTest {
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @Test
    void withoutNoiseARowIsCopied() {
        TrainingRows rows = new TrainingRows(VALUES, 2, 2, 1, Augmentation.none(2));
        float[] input = new float[4];

        rows.copy(new Philox(), 1, 2, 3, 1, input);

        assertThat(input).containsExactly(4, 5, 6, 0);
    }

    @Test
    void noiseHasItsMomentsAlongTheModelledColumnsOnly() {
        float[] halfWidths = {0.6f, 0};
        TrainingRows rows = new TrainingRows(VALUES, 2, 2, 1, new Augmentation(halfWidths, 0.1f));
        Philox philox = new Philox();
        float[] input = new float[3];
        int n = 40_000;
        double[] mean = new double[2];
        double[] variance = new double[2];
        double covariance = 0;
        for (int i = 0; i < n; i++) {
            rows.copy(philox, 9, i / 100, i % 100, 0, input);
            double first = input[0] - 1;
            double second = input[1] - 2;
            assertThat(input[2]).isEqualTo(3);
            mean[0] += first / n;
            mean[1] += second / n;
            variance[0] += first * first / n;
            variance[1] += second * second / n;
            covariance += first * second / n;
        }
        double[] expected = {0.6 * 0.6 / 3 + 0.01, 0.01};
        for (int i = 0; i < 2; i++) {
            // The square's relative standard deviation is at most that of a normal number, sqrt(2): 6 of them.
            assertThat(mean[i]).isCloseTo(0, within(6 * Math.sqrt(expected[i] / n)));
            assertThat(variance[i]).isCloseTo(expected[i], within(6 * Math.sqrt(2.0 / n) * expected[i]));
        }
        assertThat(covariance).isCloseTo(0, within(6 * Math.sqrt(expected[0] * expected[1] / n)));
    }

    @Test
    void uniformNoiseStaysWithinItsWidthAndReachesIt() {
        TrainingRows rows = new TrainingRows(new float[5], 1, 5, 0, new Augmentation(new float[] {1, 1, 1, 1, 1}, 0));
        Philox philox = new Philox();
        float[] input = new float[5];
        float[] largest = new float[5];
        for (int i = 0; i < 5000; i++) {
            rows.copy(philox, 9, 0, i, 0, input);
            for (int j = 0; j < 5; j++) {
                largest[j] = Math.max(largest[j], Math.abs(input[j]));
            }
        }
        for (float bound : largest) {
            assertThat(bound).isBetween(0.99f, 1f);
        }
    }

    @Test
    void noiseIsAnotherForEveryStepAndPositionButFollowsFromThem() {
        TrainingRows rows = new TrainingRows(VALUES, 2, 3, 0, new Augmentation(new float[] {1, 1, 1}, 1));
        float[] first = copy(rows, 1, 1);

        assertThat(copy(rows, 1, 1)).isEqualTo(first);
        assertThat(copy(rows, 2, 1)).isNotEqualTo(first);
        assertThat(copy(rows, 1, 2)).isNotEqualTo(first);
    }

    private static float[] copy(TrainingRows rows, long step, int position) {
        float[] input = new float[3];
        rows.copy(new Philox(), 4, step, position, 0, input);
        return input;
    }

    @Test
    void sizesThatDisagreeAreRefused() {
        assertThatThrownBy(() -> new TrainingRows(VALUES, 0, 2, 1, Augmentation.none(2)))
                .hasMessageContaining("no row");
        assertThatThrownBy(() -> new TrainingRows(VALUES, 3, 2, 1, Augmentation.none(2)))
                .hasMessageContaining("3 rows of 2 + 1");
        assertThatThrownBy(() -> new TrainingRows(VALUES, 2, 2, 1, Augmentation.none(3)))
                .hasMessageContaining("3 columns");
        assertThatThrownBy(() -> new Augmentation(new float[] {-1}, 0)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new Augmentation(new float[] {1}, Float.NaN)).hasMessageContaining("NaN");
    }
}
