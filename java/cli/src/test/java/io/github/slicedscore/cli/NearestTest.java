package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "train,trian,1", "hidden,hiden,1", "'',abc,3", "ab,ba,1", "same,same,0", "ca,abc,3"
    })
    void distances(String from, String to, int expected) {
        assertThat(Nearest.distance(from, to)).isEqualTo(expected);
        assertThat(Nearest.distance(to, from)).isEqualTo(expected);
    }

    @Test
    void nearWordsAreMeantAndFarOnesAreNot() {
        List<String> words = List.of("train", "score", "sample", "info", "validation");

        assertThat(Nearest.of("trian", words)).hasValue("train");
        assertThat(Nearest.of("sampel", words)).hasValue("sample");
        assertThat(Nearest.of("valid", words)).hasValue("validation");
        assertThat(Nearest.of("zebra", words)).isEmpty();
        assertThat(Nearest.of("", words)).isEmpty();
    }
}
