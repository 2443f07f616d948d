package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.cli.Panel.Range;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers, axes and paths of pictures. */
class SvgTest {
    @Test
    void coordinatesHaveATenth() {
        assertThat(DoubleStream.of(0, -0.04, 1.25, 17.96, -3.31, 1e5).mapToObj(Svg::number))
                .containsExactly("0", "0", "1.3", "18", "-3.3", "100000");
    }

    @Test
    void pathsStopAtWhatIsNoNumber() {
        SvgPath path =
                new SvgPath().to(0, 1).to(2, 3).to(4, Double.NaN).to(5, 6).to(7, Double.POSITIVE_INFINITY);
        assertThat(path.toString()).isEqualTo("M0 1L2 3M5 6L7 100000");
        assertThat(path.closed()).endsWith("Z");
        assertThat(new SvgPath().closed()).isEmpty();
        assertThat(new SvgPath().dot(1, 2).dot(Double.NaN, 2).dot(3, 4).toString())
                .isEqualTo("M1 2h0M3 4h0");
    }

    @Test
    void ticksAreRoundNumbers() {
        assertThat(Ticks.step(0.7)).isEqualTo(0.5);
        assertThat(Ticks.coarser(0.5)).isCloseTo(1, within(1e-12));
        assertThat(Ticks.coarser(Ticks.coarser(1))).isEqualTo(5);
        assertThat(Ticks.of(new Range(-0.35, 1.2), 0.5)).containsExactly(0.0, 0.5, 1.0);
        assertThat(Ticks.of(new Range(1e17, 1e17 + 64), 0.2)).hasSizeLessThan(1000);
        assertThat(Ticks.label(-0.0, 0.5)).isEqualTo("0.0");
        assertThat(Ticks.label(0.30000000000000004, 0.1)).isEqualTo("0.3");
        assertThat(Ticks.label(2000, 500)).isEqualTo("2000");
    }

    @Test
    void theMiddleOfValuesHasRoom() {
        double[] values = IntStream.rangeClosed(0, 1000).mapToDouble(i -> i).toArray();
        values[1000] = 1e9;
        Range range = Range.central(values);
        assertThat(range.from()).isCloseTo(5 - 0.12 * 990, within(1e-9));
        assertThat(range.to()).isCloseTo(995 + 0.12 * 990, within(1e-9));
        assertThat(range.value(range.at(7))).isCloseTo(7, within(1e-9));
        assertThat(Range.central(new double[] {3, 3, 3})).isEqualTo(new Range(2.5, 3.5));
        assertThat(Range.central(new double[] {1e17}).length()).isPositive();
    }

    @Test
    void figuresHaveFourDigitsAndValuesNine() {
        assertThat(DoubleStream.of(0, 7.9, 0.994043, -1.78912, 35.3635, 123456, 1.23456e12, -4.56789e-6, Double.NaN)
                        .mapToObj(Figures::of))
                .containsExactly("0", "7.9", "0.994", "-1.789", "35.36", "123500", "1.235E+12", "-0.000004568", "none");
        assertThat(Figures.value(1.00369)).isEqualTo("1.00369");
        assertThat(Figures.value(0.1 + 0.2)).isEqualTo("0.3");
        assertThat(Figures.withError(-1.5, 0.25)).isEqualTo("-1.5000 \u00B1 0.2500");
        assertThat(Figures.withError(-1.5, Double.NaN)).isEqualTo("-1.5000");
    }
}
