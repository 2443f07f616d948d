package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() throws Json.SyntaxException {
        assertThat(Json.parse(" {\"a\" : [1, -0, 2.5e-1, 1E2, true, false], \"b\":{}, \"c\":[]}\n"))
                .isEqualTo(Map.of("a", List.of(1L, 0L, 0.25, 100.0, true, false), "b", Map.of(), "c", List.of()));
        assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\""))
                .isEqualTo("\"\\/\b\f\n\r\t\u00e9\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "nul",
                "null",
                "tru",
                "True",
                "NaN",
                "Infinity",
                "-",
                "+1",
                "01",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x10",
                "1e999",
                "-1e999",
                "9223372036854775808",
                "1 1",
                "{}{}",
                "\"",
                "\"a",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\ud800\"",
                "\"\\ude00\\ud83d\"",
                "\"\t\"",
                "'a'",
                "[1]//",
                "\ufeff{}",
                "\u0661"
            })
    void refusesWhatIsNoStrictJson(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(Json.SyntaxException.class)
                .hasMessageContaining("at character ");
    }

    @Test
    void depthIsLimited() throws Json.SyntaxException {
        int most = Json.MAX_DEPTH;
        assertThat(Json.parse("[".repeat(most) + "]".repeat(most))).isInstanceOf(List.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(Json.SyntaxException.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(most + 1) + "]".repeat(most + 1)))
                .isInstanceOf(Json.SyntaxException.class)
                .hasMessageContaining("nested deeper");
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[] overlong = {'"', (byte) 0xc0, (byte) 0x80, '"'};
        byte[] surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};
        for (byte[] bytes : List.of(overlong, surrogate)) {
            assertThatThrownBy(() -> Json.parse(bytes))
                    .isInstanceOf(Json.SyntaxException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void whatIsQuotedIsRead() throws Json.SyntaxException {
        List<String> strings = List.of("", "a,b", "\"\\/", "\u0000\u001f\n\u007f", "\u00e9\u2028\ud83d\ude00");
        assertThat(Json.parse(Json.quote(strings).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(strings);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.quote("\ud83d"));
    }
}
