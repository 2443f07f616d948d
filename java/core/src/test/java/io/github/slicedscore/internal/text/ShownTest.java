package io.github.slicedscore.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void whatPeopleReadStaysAsItIs() {
        String message = "größe.csv, line 3: 'x' in column 'h\ud83d\ude00' is no number; correct the field";
        assertThat(Shown.message(message)).isEqualTo(message);
    }

    /** Escape sequences, line ends, the override of the direction of writing, half a character. */
    @Test
    void nothingIsLeftThatATerminalObeys() {
        assertThat(Shown.message("a\u001b[31mb\0c\r\nd\u2028e\u202ef\ud800g\u0085"))
                .isEqualTo("a\uFFFD[31mb\uFFFDc  d e\uFFFDf\uFFFDg\uFFFD");
    }

    @Test
    void ofALongMessageTheMiddleIsLeftOut() {
        String shown = Shown.message("file: " + "x".repeat(100_000) + "; the mend");
        assertThat(shown)
                .hasSize(500)
                .startsWith("file: xxx")
                .contains("x ... x")
                .endsWith("x; the mend");
        assertThat(Shown.message("\ud83d\ude00".repeat(400))).hasSize(500).contains("\uFFFD ... ");
        assertThat(Shown.name("a".repeat(59) + "bcd")).hasSize(60).endsWith("aabcd");
    }

    @Test
    void ofManyNamesTheFirstAreNamed() {
        assertThat(Shown.names(List.of("a", "b\n"))).isEqualTo("a, b ");
        assertThat(Shown.names(Collections.nCopies(1000, "a"))).isEqualTo("a, a, a, a, a, a, a, a and 992 more");
    }
}
