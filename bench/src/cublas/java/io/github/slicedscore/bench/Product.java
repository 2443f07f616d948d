package io.github.slicedscore.bench;

/**
 * A product of a dense layer, all matrices dense and row-major: a [rows][inputs], W [outputs][inputs], dz [rows][outputs].
 *
 * @param kind which of the three
 * @param rows of all streams of a batch
 * @param inputs of the layer
 * @param outputs of the layer
 */
record Product(Kind kind, int rows, int inputs, int outputs) {
    /** The three of a layer. */
    enum Kind {
        /** z = a W^T. */
        FORWARD("forward"),
        /** o = dz W. */
        INPUT_GRADIENT("input gradient"),
        /** dW = dz^T a. */
        WEIGHT_GRADIENT("weight gradient");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /**
     * A factor or a result as column-major matrices have it: the transpose of the row-major one.
     *
     * @param rows of the column-major matrix, which lie side by side in memory
     * @param columns of it
     * @param transposed whether the product takes its transpose
     */
    record Matrix(int rows, int columns, boolean transposed) {
        long elements() {
            return (long) rows * columns;
        }

        /** Where the element is that the product takes for (row, column). */
        long offset(int row, int column) {
            return transposed ? column + (long) row * rows : row + (long) column * rows;
        }
    }

    /** Transposed, result = left right: the factor whose index runs along the result's contiguous dimension. */
    Matrix left() {
        return switch (kind) {
            case FORWARD -> new Matrix(inputs, outputs, true); // W
            case INPUT_GRADIENT -> new Matrix(inputs, outputs, false); // W
            case WEIGHT_GRADIENT -> new Matrix(inputs, rows, false); // a
        };
    }

    /** The other factor. */
    Matrix right() {
        return switch (kind) {
            case FORWARD -> new Matrix(inputs, rows, false); // a
            case INPUT_GRADIENT -> new Matrix(outputs, rows, false); // dz
            case WEIGHT_GRADIENT -> new Matrix(outputs, rows, true); // dz
        };
    }

    /** z, o or dW. */
    Matrix result() {
        return switch (kind) {
            case FORWARD -> new Matrix(outputs, rows, false);
            case INPUT_GRADIENT -> new Matrix(inputs, rows, false);
            case WEIGHT_GRADIENT -> new Matrix(inputs, outputs, false);
        };
    }

    /** The length of the sums. */
    int depth() {
        return switch (kind) {
            case FORWARD -> inputs;
            case INPUT_GRADIENT -> outputs;
            case WEIGHT_GRADIENT -> rows;
        };
    }

    double flops() {
        return 2.0 * rows * inputs * outputs;
    }

    /** Of the row-major matrices. */
    String shape() {
        return result().columns() + " x " + result().rows() + " x " + depth();
    }
}
