package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over rows by blocks find what row by row is there. */
class RowBlocksTest {
    private static void requireSame(Values values, RowSet chosen) {
        RowBlocks blocks = new RowBlocks(values, chosen);
        int width = values.width();
        double[] row = new double[width];
        int members = 0;
        while (blocks.next()) {
            assertThat(blocks.first()).isEqualTo(members);
            for (int i = 0; i < blocks.rows(); i++) {
                values.copyRow(chosen.row(members++), row, 0);
                if (!Arrays.equals(row, 0, width, blocks.values(), i * width, (i + 1) * width)) {
                    assertThat(Arrays.copyOfRange(blocks.values(), i * width, (i + 1) * width))
                            .as("member %d", members - 1)
                            .containsExactly(row);
                }
            }
        }
        assertThat(members).isEqualTo(chosen.size());
    }

    /** Pieces of four rows. */
    private static HeapValues onHeap(int rows, int width) {
        double[][] pieces = new double[(rows + 3) / 4][4 * width];
        SplittableRandom random = new SplittableRandom(1);
        for (double[] piece : pieces) {
            Arrays.setAll(piece, i -> random.nextDouble());
        }
        return new HeapValues(pieces, 2, rows, width);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4096, 5000})
    void allRows(int width) {
        HeapValues values = onHeap(width > 1000 ? 9 : 10_001, width);
        requireSame(values, RowSet.allBut(values.rows()));
    }

    @Test
    void someRows() {
        HeapValues values = onHeap(10_001, 2);
        int[] third = new SplittableRandom(2)
                .ints(0, values.rows())
                .distinct()
                .limit(3000)
                .sorted()
                .toArray();
        requireSame(values, RowSet.of(third));
        requireSame(values, RowSet.allBut(values.rows(), third));
        requireSame(values, RowSet.allBut(values.rows(), 0, 10_000));
        requireSame(values, RowSet.of());
        requireSame(new ColumnView(values, new int[] {1}), RowSet.of(third));
    }

    private static PackedValues packed(NumberType type, ByteOrder order, boolean columnMajor, int rows, int width)
            throws IOException {
        MatrixLayout layout = new MatrixLayout(BinaryTable.numbered(width), rows, type, order, columnMajor, 0);
        byte[] bytes = new byte[Math.toIntExact(layout.end())];
        new SplittableRandom(3).nextBytes(bytes);
        PackedValues values = PackedValues.read(new ByteArrayInputStream(bytes), layout);
        assertThat(values).isNotNull();
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeOfNumber(NumberType type) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            PackedValues rowMajor = packed(type, order, false, 3000, 3);
            requireSame(rowMajor, RowSet.allBut(3000, 7, 2000));
            requireSame(packed(type, order, true, 3000, 3), RowSet.allBut(3000, 7, 2000));
        }
    }

    /** Three numbers a row do not divide a piece: a row lies in two of them. */
    @Test
    void rowsInTwoPieces() throws IOException {
        int rows = (1 << 24) / 3 + 1000;
        requireSame(packed(NumberType.INT8, ByteOrder.nativeOrder(), false, rows, 3), RowSet.allBut(rows));
    }

    @Test
    void numbersThatAreNotFinite() {
        double[] numbers = new double[5000];
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            numbers[4998] = odd;
            RowBlocks blocks = RowBlocks.all(HeapValues.of(numbers, 2));
            assertThat(blocks.next()).isTrue();
            assertThat(blocks.areFinite()).isTrue();
            assertThat(blocks.next()).isTrue();
            assertThat(blocks.areFinite()).isFalse();
            assertThat(blocks.next()).isFalse();
        }
    }

    /** The block before was longer: what it left behind the last rows does not count. */
    @Test
    void whatLiesBehindTheLastRows() {
        double[] numbers = new double[5000];
        numbers[4000] = Double.NaN;
        RowBlocks blocks = RowBlocks.all(HeapValues.of(numbers, 1));
        assertThat(blocks.next()).isTrue();
        assertThat(blocks.areFinite()).isFalse();
        assertThat(blocks.next()).isTrue();
        assertThat(blocks.areFinite()).isTrue();
    }
}
