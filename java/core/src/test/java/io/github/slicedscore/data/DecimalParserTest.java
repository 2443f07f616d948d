package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that it reads must be what Java reads, bit by bit. */
class DecimalParserTest {
    private final DecimalParser parser = new DecimalParser();

    private double parse(String text) {
        return parser.parse((text + ",").getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** Whether the parser was sure; if so, it must be right. */
    private boolean isSure(String text) {
        double value = parse(text);
        if (Double.isNaN(value)) {
            return false;
        }
        // Not an assertion each, of which there are a million here.
        if (Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(Double.parseDouble(text))
                || parser.end() != text.length()) {
            fail("%s is read as %s, up to %d", text, value, parser.end());
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+0",
                "0.0",
                "-0.000e5",
                "1",
                "-1",
                "+1",
                "1.",
                ".5",
                "-.5",
                "00012.50",
                "0.1",
                "0.3",
                "1e22",
                "1e-22",
                "123456789012345678",
                "9007199254740992",
                "0.000000000000000000000000000012345",
                "1E5",
                "1e+5",
                "1.7976931348623157e64",
                "3.141592653589793",
                "2.718281828459045235"
            })
    void readsTheUsualForms(String text) {
        assertThat(isSure(text)).isTrue();
    }

    /** Halves between two doubles, just above and below them, and other numbers that are known to be hard. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "9007199254740992.999999999",
                "9007199254740993.00000001",
                "9007199254740995",
                "1.00000000000000011102230246251565404",
                "1.00000000000000011102",
                "1.000000000000000111",
                "1.00000000000000011103",
                "7.2057594037927933e16",
                "7.2057594037927945e16",
                "89255.0e-22",
                "8.9255e-18",
                "2.2250738585072011e-308",
                "5e-324",
                "1e23",
                "8.5e22",
                "6929495644600919.5",
                "3.7455744005952583e15",
                "9214843084008499",
                "30078505129381147446200",
                "18446744073709551615",
                "18446744073709551616",
                "9999999999999999999",
                "9999999999999999999e64",
                "99999999999999999e-64",
                "1e400",
                "-1e-400"
            })
    void hardNumbersAreRightOrLeftToJava(String text) {
        isSure(text);
        isSure("-" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "e5",
                "1e",
                "1e+",
                "-.e1",
                "nan",
                "x",
                "--1",
                "1e999999",
                "12345678901234567890"
            })
    void whatIsNoNumberOrTooLongIsLeftToJava(String text) {
        assertThat(parse(text)).isNaN();
    }

    @Test
    void stopsAtWhatDoesNotBelongToTheNumber() {
        assertThat(parse("1.5.2")).isEqualTo(1.5);
        assertThat(parser.end()).isEqualTo(3);
        assertThat(parse("2-1")).isEqualTo(2);
        assertThat(parser.end()).isEqualTo(1);
    }

    @Test
    void randomDoublesAsJavaPrintsThem() {
        SplittableRandom random = new SplittableRandom(1);
        int sure = 0;
        for (int i = 0; i < 200_000; i++) {
            double value = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-60, 60));
            sure += isSure(Double.toString(value)) ? 1 : 0;
        }
        assertThat(sure).as("how many of 200000 it was sure of").isGreaterThan(195_000);
    }

    @Test
    void randomDigitsAndExponents() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
            int digits = random.nextInt(1, 22);
            int point = random.nextInt(-3, digits + 1);
            for (int j = 0; j < digits; j++) {
                text.append(j == point ? "." : "").append(random.nextInt(10));
            }
            if (random.nextBoolean()) {
                text.append('e').append(random.nextInt(-80, 80));
            }
            isSure(text.toString());
        }
    }

    /** Decimals of 17 to 19 digits next to the middle between two doubles. */
    @Test
    void numbersNextToTheMiddleOfTwoDoubles() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            double value = Math.scalb(random.nextDouble(1, 2), random.nextInt(-40, 40));
            BigDecimal middle = new BigDecimal(value).add(new BigDecimal(Math.ulp(value) / 2));
            for (int digits = 17; digits <= 19; digits++) {
                isSure(String.format(Locale.ROOT, "%." + (digits - 1) + "e", middle));
            }
        }
    }
}
