package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.LearningRate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings as the library writes them. */
class SettingTextTest {
    @Test
    void recordsBecomeWords() {
        assertThat(SettingText.words("optimizer", new Adam().toString()))
                .isEqualTo("Adam, beta1 0.9, beta2 0.999, epsilon 1.0e-8");
        assertThat(SettingText.words("learning_rate", new LearningRate(0.01, LearningRate.Shape.COSINE, 5).toString()))
                .isEqualTo("peak 0.01, shape cosine, warm up 5");
        assertThat(SettingText.words("fourier", new FourierFeatures(8, 1.5, 3).toString()))
                .isEqualTo("count 8, scale 1.5, seed 3");
        assertThat(SettingText.words("noise_levels", new NoiseLevels(5, 0.05, 12).toString()))
                .isEqualTo("largest 5.0, smallest 0.05, count 12");
    }

    @Test
    void otherTextsStayAsTheyAre() {
        assertThat(SettingText.words("hidden", "[32, 32]")).isEqualTo("[32, 32]");
        assertThat(SettingText.words("dequantized", "a=[1],b")).isEqualTo("a=[1],b");
        assertThat(SettingText.words("steps", "")).isEqualTo("-");
    }

    @Test
    void valuesHaveTheirTypes() {
        assertThat(SettingText.value(new LearningRate(0.01, LearningRate.Shape.COSINE, 5).toString()))
                .isEqualTo(Map.of("type", "LearningRate", "peak", 0.01, "shape", "COSINE", "warm_up", 5L));
        assertThat(SettingText.value("12")).isEqualTo(12L);
        assertThat(SettingText.value("0.5")).isEqualTo(0.5);
        assertThat(SettingText.value("true")).isEqualTo(true);
        assertThat(SettingText.value("")).isNull();
        assertThat(SettingText.value("ssm-vr")).isEqualTo("ssm-vr");
    }
}
