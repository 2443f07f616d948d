package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 16, 17, 1000})
    void isABijection(int size) {
        Permutation permutation = new Permutation(size);
        for (long epoch = 0; epoch < 20; epoch++) {
            permutation.key(77, epoch);
            assertThat(LongStream.range(0, size)
                            .map(permutation::apply)
                            .sorted()
                            .toArray())
                    .isEqualTo(LongStream.range(0, size).toArray());
        }
    }

    /** From a second implementation of the definition in the javadoc, in Python. */
    @Test
    void hasTheKnownAnswers() {
        Permutation sixteen = new Permutation(16);
        assertThat(LongStream.range(0, 16).map(sixteen::apply))
                .containsExactly(7L, 2L, 9L, 8L, 14L, 15L, 6L, 3L, 10L, 11L, 0L, 5L, 4L, 1L, 12L, 13L);

        Permutation seventeen = new Permutation(17);
        seventeen.key(1, 0);
        assertThat(LongStream.range(0, 17).map(seventeen::apply))
                .containsExactly(16L, 11L, 2L, 3L, 15L, 8L, 0L, 13L, 7L, 4L, 5L, 10L, 1L, 12L, 14L, 6L, 9L);
        seventeen.key(1, 1);
        assertThat(LongStream.range(0, 17).map(seventeen::apply))
                .containsExactly(0L, 8L, 7L, 14L, 15L, 12L, 6L, 9L, 3L, 2L, 1L, 5L, 13L, 4L, 10L, 11L, 16L);

        Permutation large = new Permutation(1_000_000_000_000L);
        large.key(0x123456789ABCDEF0L, (1L << 33) + 5);
        assertThat(LongStream.of(0, 1, 2, 999_999_999_999L).map(large::apply))
                .containsExactly(106420615637L, 735712081971L, 468885523160L, 766655214868L);
    }

    @Test
    void sendsEveryIndexEverywhere() {
        int size = 10;
        int epochs = 20_000;
        int[][] counts = new int[size][size];
        Permutation permutation = new Permutation(size);
        for (int epoch = 0; epoch < epochs; epoch++) {
            permutation.key(5, epoch);
            for (int i = 0; i < size; i++) {
                counts[i][(int) permutation.apply(i)]++;
            }
        }
        // Each count is binomial: 2000 with a standard deviation of 42.
        for (int[] row : counts) {
            for (int count : row) {
                assertThat(count).isBetween(2000 - 6 * 43, 2000 + 6 * 43);
            }
        }
    }

    @Test
    void refusesToBeEmpty() {
        assertThatThrownBy(() -> new Permutation(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one element");
    }
}
