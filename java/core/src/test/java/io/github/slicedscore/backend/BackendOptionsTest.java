package io.github.slicedscore.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendOptionsTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 1025, 10_000})
    void threadsOutsideTheBoundsAreRefusedWithThem(int threads) {
        assertThatThrownBy(() -> new BackendOptions(threads, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 1024, or 0 for one per core, not " + threads);
    }

    @Test
    void moreThreadsThanCoresAreAllowed() {
        int most = BackendOptions.MOST_THREADS;

        assertThat(new BackendOptions(most, 0).threads()).isEqualTo(most);
    }
}
