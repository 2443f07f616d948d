package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @Test
    void everyRowIsInOneOfTheTwo() {
        Split split = Split.of(1000, 0.1, 5);

        assertThat(split.validation().toArray()).hasSize(100).isSorted();
        assertThat(split.training().toArray()).hasSize(900).isSorted();
        assertThat(IntStream.concat(
                                IntStream.of(split.training().toArray()),
                                IntStream.of(split.validation().toArray()))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
    }

    @Test
    void followsFromTheSeed() {
        assertThat(Split.of(1000, 0.1, 5)).isEqualTo(Split.of(1000, 0.1, 5));
        assertThat(Split.of(1000, 0.1, 5)).isNotEqualTo(Split.of(1000, 0.1, 6));
    }

    @Test
    void validationRowsComeFromEverywhere() {
        int[] quarters = new int[4];
        for (int row : Split.of(4000, 0.5, 1).validation().toArray()) {
            quarters[row / 1000]++;
        }
        // Hypergeometric: 500 with a standard deviation of 14.
        for (int count : quarters) {
            assertThat(count).isBetween(500 - 6 * 14, 500 + 6 * 14);
        }
    }

    @Test
    void isAnotherOrderThanThatOfTheBatches() {
        BatchOrder batches = new BatchOrder(5, 1000);
        int[] first = IntStream.range(0, 100)
                .map(i -> batches.row(0, 100, i))
                .sorted()
                .toArray();
        assertThat(Split.of(1000, 0.1, 5).validation()).isNotEqualTo(RowSet.of(first));
    }

    @Test
    void noFractionMeansNoValidation() {
        assertThat(Split.of(3, 0, 1)).isEqualTo(new Split(RowSet.of(0, 1, 2), RowSet.of()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void fractionsOutOfRangeAreRefused(double fraction) {
        assertThatThrownBy(() -> Split.of(10, fraction, 1)).hasMessageContaining("not " + fraction);
    }

    @Test
    void fractionsThatLeaveNothingToTrainOnAreRefused() {
        assertThatThrownBy(() -> Split.of(2, 0.9, 1)).hasMessageContainingAll("0.9", "none of 2 rows");
    }
}
