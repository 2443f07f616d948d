package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a run trains on: standardised, [x, c] in each, with the noise that they get. They lie in an array, or are
 * standardised one by one as they are asked for, from a table that may be larger than the heap.
 */
public final class TrainingRows {
    private final Source source;
    private final int rows;
    private final int dimension;
    private final int conditions;
    private final Augmentation augmentation;

    /** Where rows come from, without noise. */
    private interface Source {
        void copy(int row, float[] into, int offset);

        /** All rows in an array that is not copied, or null if there is none. */
        float @Nullable [] array();
    }

    private TrainingRows(Source source, int rows, int dimension, int conditions, Augmentation augmentation) {
        if (rows < 1) {
            throw new IllegalArgumentException("there is no row to train on");
        }
        if (augmentation.halfWidths().length != dimension) {
            throw new IllegalArgumentException("the augmentation has %d columns, the rows have %d"
                    .formatted(augmentation.halfWidths().length, dimension));
        }
        this.source = source;
        this.rows = rows;
        this.dimension = dimension;
        this.conditions = conditions;
        this.augmentation = augmentation;
    }

    /**
     * Rows of an array.
     *
     * @param values standardised, [rows, dimension + conditions] row-major; not copied
     * @param rows N, at least 1
     * @param dimension D
     * @param conditions C
     * @param augmentation noise along x
     */
    public TrainingRows(float[] values, int rows, int dimension, int conditions, Augmentation augmentation) {
        this(new InArray(values, dimension + conditions), rows, dimension, conditions, augmentation);
        if (values.length < (long) rows * (dimension + conditions)) {
            throw new IllegalArgumentException("%d rows of %d + %d numbers do not fit into %d"
                    .formatted(rows, dimension, conditions, values.length));
        }
    }

    /**
     * Rows of a table, which are not copied.
     *
     * @param data in original units, modelled columns first, then conditions
     * @param chosen which rows, at least one
     * @param standardizer of all columns
     * @param dimension D
     * @param augmentation noise along x
     * @return the rows
     */
    public static TrainingRows of(
            Dataset data, RowSet chosen, Standardizer standardizer, int dimension, Augmentation augmentation) {
        return new TrainingRows(
                new InTable(data, chosen, standardizer),
                chosen.size(),
                dimension,
                data.columns().size() - dimension,
                augmentation);
    }

    private record InArray(float[] array, int width) implements Source {
        @Override
        public void copy(int row, float[] into, int offset) {
            System.arraycopy(array, row * width, into, offset, width);
        }
    }

    private record InTable(Dataset data, RowSet chosen, Standardizer standardizer) implements Source {
        @Override
        public void copy(int row, float[] into, int offset) {
            standardizer.toStandard(data, chosen.row(row), into, offset);
        }

        @Override
        public float @Nullable [] array() {
            return null;
        }
    }

    /**
     * Number of rows.
     *
     * @return N
     */
    public int rows() {
        return rows;
    }

    /**
     * Number of modelled columns.
     *
     * @return D
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Number of conditions.
     *
     * @return C
     */
    public int conditions() {
        return conditions;
    }

    /**
     * Noise along x.
     *
     * @return for all rows
     */
    public Augmentation augmentation() {
        return augmentation;
    }

    /**
     * All rows, without noise, for backends that keep them elsewhere.
     *
     * @return [N, D + C] row-major: the array that the rows lie in, or a new one
     * @throws IllegalArgumentException if no array can hold them
     */
    public float[] values() {
        float[] array = source.array();
        if (array != null) {
            return array;
        }
        int width = dimension + conditions;
        if ((long) rows * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%d rows of %d numbers do not fit into one array; train on them with the backend cpu"
                            .formatted(rows, width));
        }
        float[] all = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            source.copy(row, all, row * width);
        }
        return all;
    }

    /**
     * Copies a row and adds its noise.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param step the run's step
     * @param position position of the row in the global batch; keys the noise
     * @param row which row, 0 .. rows-1
     * @param input where [x, c] goes, from index 0
     */
    public void copy(Philox philox, long seed, long step, int position, int row, float[] input) {
        source.copy(row, input, 0);
        if (augmentation.dequantizes()) {
            float[] halfWidths = augmentation.halfWidths();
            for (int i = 0; i < dimension; i++) {
                if ((i & 3) == 0) {
                    philox.draw(seed, position, i >> 2, RandomStream.DEQUANTIZATION, 0, step);
                }
                input[i] += (float) (halfWidths[i] * (2 * philox.uniform(i & 3) - 1));
            }
        }
        if (augmentation.noise() > 0) {
            for (int i = 0; i < dimension; i++) {
                if ((i & 3) == 0) {
                    philox.draw(seed, position, i >> 2, RandomStream.SMOOTHING, 0, step);
                }
                input[i] += augmentation.noise() * philox.normal(i & 3);
            }
        }
    }
}
