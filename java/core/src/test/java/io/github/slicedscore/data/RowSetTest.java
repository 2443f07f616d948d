package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSetTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "5, 1", "1000, 0.3", "1024, 0", "1025, 1", "30000, 0.1", "30000, 0.97"})
    void allButListsTheOthers(int rows, double share) {
        Random random = new Random(rows);
        BitSet excluded = new BitSet();
        // Some in a run, which one stretch of the directory is full of.
        excluded.set(0, (int) (share * rows / 2));
        for (int i = 0; i < share * rows / 2; i++) {
            excluded.set(random.nextInt(rows));
        }
        int[] others =
                IntStream.range(0, rows).filter(row -> !excluded.get(row)).toArray();

        RowSet set = RowSet.allBut(rows, excluded.stream().toArray());

        assertThat(set.size()).isEqualTo(others.length);
        assertThat(set.toArray()).isEqualTo(others);
        assertThat(set).isEqualTo(RowSet.of(others)).hasSameHashCodeAs(RowSet.of(others));
    }

    @Test
    void everyRowMayBeExcluded() {
        assertThat(RowSet.allBut(3, 0, 1, 2).toArray()).isEmpty();
    }

    @Test
    void listsThatAreNotAscendingOrOutOfRangeAreRefused() {
        assertThatThrownBy(() -> RowSet.of(1, 1)).hasMessageContaining("1 stands at place 1");
        assertThatThrownBy(() -> RowSet.of(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> RowSet.allBut(3, 3)).hasMessageContaining("below 3");
        assertThatThrownBy(() -> RowSet.of(1, 2).row(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> RowSet.allBut(3, 1).row(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
