package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.math.Permutation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    @Test
    void everyEpochHasEveryRowOnceThoughBatchesStraddleEpochs() {
        int rows = 10;
        int batch = 4;
        BatchOrder order = new BatchOrder(3, rows);
        int[] drawn = new int[60];
        for (int position = 0; position < drawn.length; position++) {
            drawn[position] = order.row(position / batch, batch, position % batch);
        }
        for (int epoch = 0; epoch < 6; epoch++) {
            int[] sorted = Arrays.copyOfRange(drawn, epoch * rows, (epoch + 1) * rows);
            Arrays.sort(sorted);
            assertThat(sorted).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
        assertThat(Arrays.copyOfRange(drawn, 0, rows)).isNotEqualTo(Arrays.copyOfRange(drawn, rows, 2 * rows));
    }

    @Test
    void aRowFollowsFromSeedAndPlaceAlone() {
        BatchOrder forward = new BatchOrder(3, 10);
        int[] rows = new int[40];
        for (int position = 0; position < 40; position++) {
            rows[position] = forward.row(position / 4, 4, position % 4);
        }
        BatchOrder backward = new BatchOrder(3, 10);
        for (int position = 39; position >= 0; position--) {
            assertThat(backward.row(position / 4, 4, position % 4)).isEqualTo(rows[position]);
        }
    }

    @Test
    void positionsBeyondIntAreReached() {
        Permutation permutation = new Permutation(10);
        long position = 3_000_000_000L * 4 + 1;
        permutation.key(3, position / 10);

        assertThat(new BatchOrder(3, 10).row(3_000_000_000L, 4, 1)).isEqualTo((int) permutation.apply(position % 10));
    }
}
