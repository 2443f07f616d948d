package io.github.slicedscore.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a perceptron may have beside its layers. */
class MlpOptionsTest {
    @Test
    void levelsFallGeometricallyAndMeetBothEnds() {
        NoiseLevels levels = new NoiseLevels(8, 0.1, 6);
        double[] sigma = levels.toArray();
        assertThat(sigma).hasSize(6).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(sigma[0]).isEqualTo(8);
        assertThat(sigma[5]).isEqualTo(0.1);
        for (int i = 1; i < 6; i++) {
            assertThat(sigma[i] / sigma[i - 1]).isCloseTo(Math.pow(0.1 / 8, 0.2), within(1e-12));
        }
        assertThatThrownBy(() -> levels.level(6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Each of 5 levels 2000 times in 10000 draws, off by less than 5 standard deviations of 40. */
    @Test
    void everyLevelIsDrawnAsOften() {
        NoiseLevels levels = new NoiseLevels(8, 0.1, 5);
        Philox philox = new Philox();
        int[] counts = new int[5];
        for (int i = 0; i < 10_000; i++) {
            counts[levels.draw(philox, 3, i % 100, i / 100)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(1800, 2200);
        }
        assertThat(levels.draw(philox, 3, 7, 9)).isEqualTo(levels.draw(new Philox(), 3, 7, 9));
    }

    @ParameterizedTest
    @CsvSource({"0,0.1,3", "1,0,3", "1,-1,3", "0.1,1,3", "1,1,3", "Infinity,1,3", "NaN,1,3", "1,NaN,3"})
    void levelsThatDoNotFallAreRefused(double largest, double smallest, int count) {
        assertThatThrownBy(() -> new NoiseLevels(largest, smallest, count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fall from the largest to the smallest, not from " + largest + " to " + smallest);
    }

    @Test
    void oneLevelIsRefused() {
        assertThatThrownBy(() -> new NoiseLevels(2, 1, 1))
                .hasMessageContaining("at least two")
                .hasMessageContaining("not 1");
    }

    @Test
    void aNetworkOfLevelsNeedsTheirColumn() {
        MlpOptions options = MlpOptions.NONE.withNoiseLevels(new NoiseLevels(2, 1, 2));
        assertThatThrownBy(() -> new ScoreMlp(3, 0, List.of(), Activation.TANH, options))
                .hasMessageContaining("log sigma");
    }

    @Test
    void appendsTheLevelToEveryRow() {
        assertThat(NoiseLevels.append(new float[] {1, 2, 3, 4}, 2, 2, Math.E)).containsExactly(1, 2, 1, 3, 4, 1);
    }

    /** Standard deviation of 2000 frequencies within 5 standard errors, scale / sqrt(2 n), of the scale. */
    @Test
    void frequenciesFollowFromTheSeed() {
        FourierFeatures waves = new FourierFeatures(500, 3, 8);
        float[] frequencies = waves.frequencies(4);
        assertThat(frequencies).hasSize(2000).isEqualTo(waves.frequencies(4));
        double square = 0;
        for (float frequency : frequencies) {
            square += (double) frequency * frequency / 2000;
        }
        assertThat(Math.sqrt(square)).isCloseTo(3, within(5 * 3 / Math.sqrt(4000)));
        assertThat(new FourierFeatures(500, 3, 9).frequencies(4)).isNotEqualTo(frequencies);
        assertThatThrownBy(() -> new FourierFeatures(0, 1, 1)).hasMessageContaining("at least one, not 0");
        assertThatThrownBy(() -> new FourierFeatures(2, 0, 1)).hasMessageContaining("positive number, not 0.0");
    }

    @Test
    void wavesWidenTheFirstLayer() {
        MlpOptions options = MlpOptions.NONE.withFourier(new FourierFeatures(5, 1, 1));
        EnergyMlp architecture = new EnergyMlp(3, 1, List.of(7), Activation.TANH, 0, options);
        assertThat(architecture.widths()).containsExactly(14, 7, 1);
        assertThat(architecture.inputs()).isEqualTo(4);
        assertThat(ParameterLayout.of(architecture).size()).isEqualTo(14 * 7 + 7 + 7 + 1);
    }
}
