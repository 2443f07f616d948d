package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Dataset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two tables, column by column and as a whole. */
class TableComparisonTest {
    private static final double[] X = {0.1, 0.4, 0.4, 0.9, 1.3, 2.2, 2.2, 3.5};
    private static final double[] Y = {0.4, 1.0, 1.9, 2.2, 2.8, 3.1, 3.5, 4.4, 4.4, 5.0, 6.1};

    /** D is scipy's ks_2samp; p that of scipy's kstwobign at Stephens's argument. The exact p is 0.128. */
    @Test
    void theKolmogorovSmirnovTestWithTies() {
        TestResult result = KolmogorovSmirnovTest.test(X, Y);
        assertThat(result.statistic()).isCloseTo(0.5113636363636364, within(1e-15));
        assertThat(result.pValue()).isCloseTo(0.1188602684801, within(1e-12));
        assertThat(result.rows()).isEqualTo(19);
        assertThat(KolmogorovSmirnovTest.test(Y, X)).isEqualTo(result);
        assertThat(KolmogorovSmirnovTest.test(X, X)).isEqualTo(new TestResult(0, 1, 16));
    }

    /** scipy.stats.kstwobign.sf; 1.3581 and 1.6276 are the tables' 5 % and 1 % points. */
    @Test
    void theTailIsKolmogorovs() {
        assertThat(KolmogorovSmirnovTest.tail(0.3)).isCloseTo(0.9999906941986655, within(1e-13));
        assertThat(KolmogorovSmirnovTest.tail(0.5)).isCloseTo(0.9639452436648751, within(1e-13));
        assertThat(KolmogorovSmirnovTest.tail(1.3581)).isCloseTo(0.0499996304316674, within(1e-13));
        assertThat(KolmogorovSmirnovTest.tail(1.6276)).isCloseTo(0.010001537333060776, within(1e-13));
        assertThat(KolmogorovSmirnovTest.tail(0.1)).isEqualTo(1);
        assertThat(KolmogorovSmirnovTest.tail(100)).isZero();
    }

    @Test
    void theKolmogorovSmirnovTestKeepsItsLevel() {
        int rejected = 0;
        for (int repeat = 0; repeat < 400; repeat++) {
            double[] x = Draws.of(Draws.normal(1, 0, 1), 80, 2L * repeat);
            double[] y = Draws.of(Draws.normal(1, 0, 1), 60, 2L * repeat + 1);
            rejected += KolmogorovSmirnovTest.test(x, y).pValue() <= 0.05 ? 1 : 0;
        }
        // 20 +- 4.4 by chance.
        assertThat(rejected).isBetween(8, 34);
    }

    private static Dataset table(double shift, long seed) {
        double[] points = Draws.of(Draws.normal(2, 0, 1), 300, seed);
        double[] values = new double[3 * 300];
        for (int row = 0; row < 300; row++) {
            values[3 * row] = 1000 + 200 * points[2 * row];
            values[3 * row + 1] = 0.01 * (points[2 * row + 1] + shift);
            values[3 * row + 2] = 7;
        }
        return Dataset.of(List.of("wide", "narrow", "constant"), values);
    }

    /** A shift of most of a deviation in the narrow column, which units of their own would hide behind the wide one. */
    @Test
    void aShiftShowsInItsColumnAndInTheRows() {
        TableComparison same = TableComparison.of(table(0, 1), table(0, 2), 1);
        TableComparison shifted = TableComparison.of(table(0, 1), table(0.8, 2), 1);

        assertThat(same.columns())
                .allSatisfy(column -> assertThat(column.test().pValue()).isGreaterThan(0.01));
        assertThat(pValue(same.discrepancy())).isGreaterThan(0.01);
        assertThat(pValue(same.classifier())).isGreaterThan(0.01);
        assertThat(shifted.columns())
                .extracting(ColumnComparison::column)
                .containsExactly("wide", "narrow", "constant");
        assertThat(shifted.columns().get(0).test().pValue()).isGreaterThan(0.01);
        assertThat(shifted.columns().get(1).test().pValue()).isLessThan(1e-4);
        assertThat(shifted.columns().get(2).test()).isEqualTo(new TestResult(0, 1, 600));
        assertThat(pValue(shifted.discrepancy())).isLessThan(0.01);
        assertThat(pValue(shifted.classifier())).isLessThan(0.01);
        ColumnComparison wide = shifted.columns().get(0);
        assertThat(wide.firstMean()).isCloseTo(1000, within(40.0));
        assertThat(wide.secondDeviation()).isCloseTo(200, within(30.0));
        assertThat(shifted.columns().get(2).firstDeviation()).isZero();
    }

    @Test
    void columnsMayStandInAnotherOrder() {
        Dataset swapped = table(0.8, 2).select(List.of("constant", "narrow", "wide"));
        assertThat(TableComparison.of(table(0, 1), swapped, 1))
                .isEqualTo(TableComparison.of(table(0, 1), table(0.8, 2), 1));
    }

    @Test
    void fewRowsAndOtherColumns() {
        Dataset few = Dataset.of(List.of("a"), new double[] {1, 2, 3});
        TableComparison comparison = TableComparison.of(few, few, 1);
        assertThat(comparison.columns().get(0).test().pValue()).isEqualTo(1);
        assertThat(((Finding.Missing<TestResult>) comparison.discrepancy()).reason())
                .contains("at least 10 rows");
        assertThat(((Finding.Missing<TestResult>) comparison.classifier()).reason())
                .contains("at least 20 rows");
        assertThatThrownBy(() -> TableComparison.of(few, Dataset.of(List.of("b"), new double[] {1}), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a");
        assertThatThrownBy(() -> KolmogorovSmirnovTest.test(X, new double[0])).hasMessageContaining("at least one");
        assertThatThrownBy(() -> KolmogorovSmirnovTest.test(X, new double[] {1, Double.NaN}))
                .hasMessageContaining("NaN");
    }

    private static double pValue(Finding<TestResult> finding) {
        return ((Finding.Known<TestResult>) finding).value().pValue();
    }
}
