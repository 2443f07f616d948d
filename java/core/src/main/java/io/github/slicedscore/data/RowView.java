package io.github.slicedscore.data;

/** Some rows of other values. */
record RowView(Values values, RowSet chosen) implements Values {
    @Override
    public int rows() {
        return chosen.size();
    }

    @Override
    public int width() {
        return values.width();
    }

    @Override
    public double get(int row, int column) {
        return values.get(chosen.row(row), column);
    }

    @Override
    public void copyRow(int row, double[] into, int offset) {
        values.copyRow(chosen.row(row), into, offset);
    }
}
