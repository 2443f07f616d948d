package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundingTest {
    /** The half width of a column of n normal numbers after a map. */
    private static double halfWidth(int n, DoubleUnaryOperator map) {
        return halfWidth(Arrays.stream(normals(n)).map(map).toArray());
    }

    private static double halfWidth(double... values) {
        Dataset data = Dataset.of(List.of("x"), values);
        return Rounding.halfWidths(
                data, RowSet.of(IntStream.range(0, values.length).toArray()))[0];
    }

    private static double[] normals(int n) {
        Philox philox = new Philox();
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            philox.draw(21, i, 0, RandomStream.TOY, 0, 0);
            // Two numbers of 24 bits make one that has no repeats by itself.
            values[i] = philox.normal(0) + 1e-6 * philox.normal(2);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 300, 5000})
    void columnsLikeWinesAreRounded(int n) {
        // Acidity in steps of 0.1, density with five digits, residual sugar with a long tail.
        assertThat(halfWidth(n, x -> Math.round((7 + 1.5 * x) * 10) / 10.0)).isCloseTo(0.1, within(1e-9));
        assertThat(halfWidth(5000, x -> Math.round((0.9967 + 0.002 * x) * 1e5) / 1e5))
                .isCloseTo(1e-5, within(1e-12));
        assertThat(halfWidth(5000, x -> Math.round(20 * Math.exp(1 + x)) / 20.0))
                .isBetween(0.05 - 1e-9, 0.1 + 1e-9);
    }

    @Test
    void integersAreRounded() {
        assertThat(halfWidth(1000, x -> Math.round(20 * x))).isEqualTo(1);
        assertThat(halfWidth(1000, x -> 1e9 + Math.round(3 * x))).isEqualTo(1);
    }

    @Test
    void aRoundedColumnStaysRoundedInAnotherUnit() {
        double factor = 1 / 2.54;
        assertThat(halfWidth(2000, x -> (Math.round(50 * x) - 3) * factor)).isCloseTo(factor, within(1e-12));
    }

    @Test
    void fewLevelsAreRoundedWhateverTheirGaps() {
        assertThat(halfWidth(100, x -> x > 0 ? 1 : 0)).isEqualTo(1);
        assertThat(halfWidth(100, x -> x > 1 ? 50 : x > 0 ? 7 : 0)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 20_000})
    void continuousColumnsAreNot(int n) {
        assertThat(halfWidth(n, x -> x)).isZero();
        assertThat(halfWidth(n, x -> 1000 + Math.exp(x))).isZero();
    }

    @Test
    void continuousColumnsWithAFewRepeatsAreNot() {
        double[] values = normals(1000);
        System.arraycopy(values, 0, values, 500, 30);
        assertThat(halfWidth(values)).isZero();
    }

    @Test
    void continuousColumnsWhoseRowsAllRepeatAreNot() {
        double[] values = normals(1000);
        System.arraycopy(values, 0, values, 500, 500);
        assertThat(halfWidth(values)).isZero();
    }

    @Test
    void continuousColumnsWithManyZerosAreNot() {
        assertThat(halfWidth(1000, x -> Math.max(0, x))).isZero();
    }

    @Test
    void onlyTheGivenRowsAndEachColumnByItselfCount() {
        double[] continuous = normals(200);
        double[][] rows = new double[200][];
        Arrays.setAll(rows, i -> new double[] {continuous[i], i < 100 ? i % 5 : continuous[i]});
        Dataset data = Dataset.of(List.of("continuous", "rounded"), rows);

        assertThat(Rounding.halfWidths(data, RowSet.of(IntStream.range(0, 100).toArray())))
                .containsExactly(0, 1);
        assertThat(Rounding.halfWidths(data, RowSet.of(IntStream.range(100, 200).toArray())))
                .containsExactly(0, 0);
        assertThat(Rounding.halfWidths(data, RowSet.of())).containsExactly(0, 0);
    }
}
