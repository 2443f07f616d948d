package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Dataset DATA = Dataset.of(List.of("a", "b", "c"), new double[] {1, 2, 3, 4, 5, 6});

    @Test
    void readsItsValues() {
        assertThat(DATA.rows()).isEqualTo(2);
        assertThat(DATA.columns()).containsExactly("a", "b", "c");
        assertThat(DATA.value(1, 0)).isEqualTo(4);
        assertThat(DATA.column(2)).containsExactly(3, 6);
        assertThat(DATA.indexOf("b")).isEqualTo(1);
        double[] into = new double[5];
        DATA.copyRow(1, into, 1);
        assertThat(into).containsExactly(0, 4, 5, 6, 0);
    }

    @Test
    void isIndependentOfTheArraysItCameFrom() {
        double[] flat = {1, 2};
        double[][] nested = {{1, 2}};
        Dataset fromFlat = Dataset.of(List.of("a", "b"), flat);
        Dataset fromRows = Dataset.of(List.of("a", "b"), nested);
        flat[0] = 7;
        nested[0][0] = 7;
        fromFlat.column(0)[0] = 7;

        assertThat(fromFlat.value(0, 0)).isEqualTo(1);
        assertThat(fromRows.value(0, 0)).isEqualTo(1);
        assertThat(fromFlat.hash()).isEqualTo(fromRows.hash());
    }

    @Test
    void selectsColumnsInTheOrderGivenAndDropsOthers() {
        assertThat(DATA.select(List.of("c", "a")).columns()).containsExactly("c", "a");
        assertThat(DATA.select(List.of("c", "a")).column(0)).containsExactly(3, 6);
        assertThat(DATA.drop(List.of("b")).columns()).containsExactly("a", "c");
        assertThat(DATA.drop(List.of("b")).column(1)).containsExactly(3, 6);
    }

    @Test
    void selectsRows() {
        assertThat(DATA.rows(new int[] {1, 0, 1}).column(0)).containsExactly(4, 1, 4);
        assertThat(DATA.rows(new int[0]).rows()).isZero();
    }

    @Test
    void unknownColumnsAreAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> DATA.indexOf("d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no column is called 'd'; there are a, b, c");
        assertThatThrownBy(() -> DATA.select(List.of("a", "d"))).hasMessageContaining("a, b, c");
        assertThatThrownBy(() -> DATA.drop(List.of("d"))).hasMessageContaining("a, b, c");
    }

    @Test
    void badNamesAndSizesAreRefused() {
        assertThatThrownBy(() -> Dataset.of(List.of("a", "a"), new double[2])).hasMessageContaining("called 'a'");
        assertThatThrownBy(() -> Dataset.of(List.of("a", " "), new double[2])).hasMessageContaining("column 1");
        assertThatThrownBy(() -> Dataset.of(List.of(), new double[0])).hasMessageContaining("at least one column");
        assertThatThrownBy(() -> Dataset.of(List.of("a", "b"), new double[3])).hasMessageContaining("3 values");
        assertThatThrownBy(() -> Dataset.of(List.of("a", "b"), new double[][] {{1, 2}, {3}}))
                .hasMessageContaining("row 1");
        assertThatThrownBy(() -> DATA.select(List.of("a", "a"))).hasMessageContaining("called 'a'");
        assertThatThrownBy(() -> DATA.drop(DATA.columns())).hasMessageContaining("at least one column");
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedByRowAndColumn() {
        assertThatThrownBy(() -> Dataset.of(List.of("a", "b"), new double[] {1, 2, 3, Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("row 1", "'b'", "NaN");
        assertThatThrownBy(() -> Dataset.of(List.of("a", "b"), new double[] {Double.NEGATIVE_INFINITY, 2}))
                .hasMessageContainingAll("row 0", "'a'", "Infinity");
    }

    /** Computed by Python's hashlib and struct from the javadoc's definition. */
    @Test
    void hashIsTheSha256OfNamesAndValues() {
        assertThat(DATA.hash()).isEqualTo("1d03e9e0a36d1a34739861ed5e97d91fe5e66d681c903b910813679b731b94f1");
        assertThat(DATA.select(List.of("a", "c", "b")).hash()).isNotEqualTo(DATA.hash());
        assertThat(Dataset.of(List.of("a", "b", "d"), new double[] {1, 2, 3, 4, 5, 6})
                        .hash())
                .isNotEqualTo(DATA.hash());
        assertThat(Dataset.of(List.of("a", "b", "c"), new double[] {1, 2, 3, 4, 5, 7})
                        .hash())
                .isNotEqualTo(DATA.hash());
    }
}
