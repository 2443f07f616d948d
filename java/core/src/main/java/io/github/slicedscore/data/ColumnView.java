package io.github.slicedscore.data;

/** Some columns of other values, in an order of its own. */
record ColumnView(Values values, int[] columns) implements Values {
    @Override
    public int rows() {
        return values.rows();
    }

    @Override
    public int width() {
        return columns.length;
    }

    @Override
    public double get(int row, int column) {
        return values.get(row, columns[column]);
    }

    @Override
    public void copyRow(int row, double[] into, int offset) {
        for (int i = 0; i < columns.length; i++) {
            into[offset + i] = values.get(row, columns[i]);
        }
    }
}
