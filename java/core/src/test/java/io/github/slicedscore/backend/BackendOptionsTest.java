package io.github.slicedscore.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
    void theDefaultIsSinglePrecision() {
        assertThat(new BackendOptions()).isEqualTo(new BackendOptions(0, 0, Precision.FP32));
        assertThat(new BackendOptions(3, 1).withPrecision(Precision.BF16))
                .isEqualTo(new BackendOptions(3, 1, Precision.BF16));
    }

    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void theProcessorRefusesOtherPrecisionsWithTheMend(Precision precision) {
        BackendOptions options = new BackendOptions(1, 0, precision);
        assertThatThrownBy(() -> Backends.open("cpu", options))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("backend cpu can't be used here: the processor's kernels compute in fp32 alone; "
                        + "choose that (--precision fp32), or the backend cuda on a GPU");
        BackendProvider cpu = Backends.providers().stream()
                .filter(provider -> provider.name().equals("cpu"))
                .findFirst()
                .orElseThrow();
        assertThat(cpu.status(options)).isInstanceOf(BackendStatus.Unavailable.class);
        assertThat(cpu.status(new BackendOptions())).isInstanceOf(BackendStatus.Available.class);
        assertThatThrownBy(() -> cpu.open(options)).isInstanceOf(BackendUnavailableException.class);
        assertThat(cpu.devices()).isEqualTo(1);
    }

    /** Never in another precision than was asked for. */
    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void autoNamesWhatEveryBackendLacks(Precision precision) {
        BackendOptions options = new BackendOptions().withPrecision(precision);
        assumeTrue(
                Backends.providers().stream()
                        .allMatch(provider -> provider.status(options) instanceof BackendStatus.Unavailable),
                "a device has this precision");
        assertThatThrownBy(() -> Backends.auto(options))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("no backend can compute in " + precision.id() + " here: cuda: ")
                .hasMessageContaining(". cpu: the processor's kernels compute in fp32 alone; choose that");
    }

    @Test
    void moreThreadsThanCoresAreAllowed() {
        int most = BackendOptions.MOST_THREADS;

        assertThat(new BackendOptions(most, 0).threads()).isEqualTo(most);
    }
}
