package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardizerTest {
    private static final Dataset DATA =
            Dataset.of(List.of("a", "b"), new double[][] {{1, 10}, {3, 30}, {1, 10}, {3, 30}, {1e6, -1e6}});
    private static final int[] TRAINING = {0, 1, 2, 3};

    @Test
    void fitsMeanAndPopulationDeviationOfTheGivenRowsOnly() {
        assertThat(Standardizer.fit(DATA, TRAINING))
                .isEqualTo(new Standardizer(new double[] {2, 20}, new double[] {1, 10}));
    }

    @Test
    void twoPassesKeepTheDigitsOfADistantColumn() {
        Dataset distant = Dataset.of(List.of("t"), new double[] {1e9 + 1, 1e9 + 3});
        assertThat(Standardizer.fit(distant, new int[] {0, 1}).deviations()).containsExactly(1);
    }

    @Test
    void mapsThereAndBack() {
        Standardizer standardizer = Standardizer.fit(DATA, TRAINING);

        assertThat(standardizer.toStandard(DATA, new int[] {1, 0})).containsExactly(1, 1, -1, -1);
        assertThat(standardizer.standardize(1, 35)).isEqualTo(1.5);
        assertThat(standardizer.restore(1, 1.5)).isEqualTo(35);
    }

    @Test
    void logScaleSumsTheModelledColumnsOnly() {
        Standardizer standardizer = new Standardizer(new double[3], new double[] {2, 5, 100});
        assertThat(standardizer.logScale(2)).isCloseTo(Math.log(10), within(1e-15));
        assertThat(standardizer.logScale(0)).isZero();
    }

    @Test
    void aConstantColumnIsNamedEvenIfItsMeanRounds() {
        double[][] rows = new double[7][];
        Arrays.setAll(rows, i -> new double[] {i, 0.1});
        Dataset constant = Dataset.of(List.of("a", "fixed acidity"), rows);

        assertThatThrownBy(() -> Standardizer.fit(constant, new int[] {0, 1, 2, 3, 4, 5, 6}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'fixed acidity' is constant", "0.1", "--drop 'fixed acidity'");
    }

    @Test
    void valuesTooLargeToSquareAreNamed() {
        Dataset large = Dataset.of(List.of("a"), new double[] {1e200, -1e200});
        assertThatThrownBy(() -> Standardizer.fit(large, new int[] {0, 1})).hasMessageContainingAll("'a'", "too large");
    }

    @Test
    void isAValue() {
        double[] means = {1};
        Standardizer standardizer = new Standardizer(means, new double[] {2});
        means[0] = 5;
        standardizer.means()[0] = 5;
        standardizer.deviations()[0] = 5;

        assertThat(standardizer)
                .isEqualTo(new Standardizer(new double[] {1}, new double[] {2}))
                .hasSameHashCodeAs(new Standardizer(new double[] {1}, new double[] {2}))
                .isNotEqualTo(new Standardizer(new double[] {1}, new double[] {3}));
    }

    @Test
    void badNumbersAreRefused() {
        assertThatThrownBy(() -> new Standardizer(new double[1], new double[] {0}))
                .hasMessageContaining("column 0");
        assertThatThrownBy(() -> new Standardizer(new double[1], new double[] {Double.NaN}))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Standardizer(new double[1], new double[2])).hasMessageContaining("2 deviations");
        assertThatThrownBy(() -> Standardizer.fit(DATA, new int[0])).hasMessageContaining("no row");
        assertThatThrownBy(() -> new Standardizer(new double[] {1}, new double[] {1}).toStandard(DATA, TRAINING))
                .hasMessageContaining("a, b");
    }
}
