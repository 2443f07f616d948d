package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static double[] numbers(int count, double offset, double factor) {
        return IntStream.range(0, count).mapToDouble(i -> offset + factor * i).toArray();
    }

    /** A row that i of 100 reference rows are below is at percentile i. */
    @Test
    void equalRowsLieOnTheDiagonal() {
        Calibration found = Calibration.of(numbers(100, 0, 1), numbers(100, 0, 1));
        for (int percent = 0; percent < 100; percent++) {
            assertThat(found.shares()[percent]).isCloseTo((percent + 1) / 100.0, within(1e-12));
        }
        assertThat(found.shares()[100]).isEqualTo(1);
        assertThat(found.test().statistic()).isZero();
        assertThat(found.test().pValue()).isEqualTo(1);
    }

    /** Four rows: below all of ten reference rows; above four of them; above nine; above all. */
    @Test
    void aFewRowsByHand() {
        Calibration found = Calibration.of(numbers(10, 0, 1), new double[] {-5, 3.5, 8.5, 20});
        assertThat(found.shares()[0]).isEqualTo(0.25);
        assertThat(found.shares()[39]).isEqualTo(0.25);
        assertThat(found.shares()[40]).isEqualTo(0.5);
        assertThat(found.shares()[89]).isEqualTo(0.5);
        assertThat(found.shares()[90]).isEqualTo(0.75);
        assertThat(found.shares()[99]).isEqualTo(0.75);
        assertThat(found.shares()[100]).isEqualTo(1);
    }

    /** Smirnov's critical value: chance of a distance beyond it is 5 %. */
    @Test
    void whatChanceAllows() {
        int rows = 2000;
        double[] references = numbers(rows, 0, 1);
        double chance = Calibration.of(references, references).chance();
        assertThat(chance).isCloseTo(1.358 * Math.sqrt(2.0 / rows), within(1e-12));
        // Rows moved on by a part of the range are apart by that part.
        Calibration moved = Calibration.of(references, numbers(rows, Math.rint(chance * rows), 1));
        assertThat(moved.test().statistic()).isCloseTo(chance, within(1e-3));
        assertThat(moved.test().pValue()).isCloseTo(0.05, within(0.005));
    }
}
