package io.github.slicedscore.model;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** Starting values, see {@link Parameters#initialize}. */
final class Initialization {
    private static final long POINTS_EPOCH = -1;
    private static final long POINTS_STEP = 0xFFFFFFFDL;

    private Initialization() {}

    /**
     * Those of a perceptron.
     *
     * @param prefix of its tensors' names
     * @param layout where these stand
     * @param widths of all layers
     * @param lastGain what the weights of the last layer are multiplied by
     * @param seed the run's seed
     * @param firstSlice number of random numbers' slice for the first layer
     * @param values where they go
     */
    static void perceptron(
            String prefix,
            ParameterLayout layout,
            int[] widths,
            double lastGain,
            long seed,
            int firstSlice,
            float[] values) {
        Philox philox = new Philox();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            int in = widths[layer];
            boolean last = layer + 2 == widths.length;
            boolean first = layer == 0 && !last;
            double gain = first ? 2 : last ? lastGain : 1;
            double weightScale = gain / Math.sqrt(in);
            double biasScale = last ? 0 : first ? gain : weightScale;
            int weights = layout.tensor(prefix + "layers." + layer + ".weight").offset();
            int biases = layout.tensor(prefix + "layers." + layer + ".bias").offset();
            float[] unit = new float[in + 1];
            for (int out = 0; out < widths[layer + 1]; out++) {
                philox.normals(seed, out, RandomStream.INITIALIZATION, firstSlice + layer, 0, unit, 0, in + 1);
                int from = weights + out * in;
                for (int k = 0; k < in; k++) {
                    values[from + k] = (float) (unit[k] * weightScale);
                }
                values[biases + out] = (float) (unit[in] * biasScale);
            }
        }
    }

    /**
     * Those of a deep kernel energy. Slices of random numbers count the layers of all perceptrons, each followed by its skip, and
     * then the inducing points.
     */
    static void of(DeepKernelEnergy energy, long seed, float[] values) {
        ParameterLayout layout = energy.layout();
        int[] widths = energy.widths();
        int slice = 0;
        for (int r = 0; r < energy.kernels(); r++) {
            String prefix = "features." + r + ".";
            for (int layer = 0; layer + 1 < widths.length; layer++) {
                String name = prefix + "layers." + layer;
                normals(
                        layout.tensor(name + ".weight"),
                        layout.tensor(name + ".bias").offset(),
                        seed,
                        slice++,
                        values);
            }
            normals(layout.tensor(prefix + "skip.weight"), -1, seed, slice++, values);
        }
        ParameterLayout.Tensor points = layout.tensor("inducing_points");
        Philox philox = new Philox();
        for (int l = 0; l < energy.inducing(); l++) {
            float[] point = new float[energy.dimension()];
            philox.normals(seed, l, RandomStream.INITIALIZATION, slice, 0, point, 0, point.length);
            System.arraycopy(point, 0, values, points.offset() + l * point.length, point.length);
        }
        int bandwidths = layout.tensor("log_bandwidth").offset();
        for (int r = 0; r < energy.kernels(); r++) {
            values[bandwidths + r] = (float) logBandwidth(r, energy.kernels());
        }
        values[layout.tensor("log_regularizer").offset()] = -2;
    }

    /** Rows as the inducing points of a deep kernel energy, in an order, and with the noise of a step, that no training reaches. */
    static void points(DeepKernelEnergy energy, long seed, TrainingRows rows, float[] values) {
        ParameterLayout.Tensor points = energy.layout().tensor("inducing_points");
        Permutation order = new Permutation(rows.rows());
        order.key(seed, POINTS_EPOCH);
        Philox philox = new Philox();
        float[] row = new float[energy.dimension()];
        for (int l = 0; l < Math.min(energy.inducing(), rows.rows()); l++) {
            rows.copy(philox, seed, POINTS_STEP, l, (int) order.apply(l), row);
            System.arraycopy(row, 0, values, points.offset() + l * row.length, row.length);
        }
    }

    /** From 1 to 10; of three, the second is 3.3. */
    private static double logBandwidth(int kernel, int kernels) {
        if (kernels == 3 && kernel == 1) {
            return Math.log10(3.3);
        }
        return kernels == 1 ? 0 : kernel / (kernels - 1.0);
    }

    /** A weight, by rows, each with the number of the bias, if there is one, behind it: all over the root of the number of rows. */
    private static void normals(ParameterLayout.Tensor weight, int bias, long seed, int slice, float[] values) {
        Philox philox = new Philox();
        int rows = weight.shape().get(0);
        int columns = weight.shape().get(1);
        double scale = 1 / Math.sqrt(rows);
        float[] row = new float[columns + 1];
        for (int out = 0; out < rows; out++) {
            philox.normals(seed, out, RandomStream.INITIALIZATION, slice, 0, row, 0, columns + 1);
            for (int k = 0; k < columns; k++) {
                values[weight.offset() + out * columns + k] = (float) (row[k] * scale);
            }
            if (bias >= 0) {
                values[bias + out] = (float) (row[columns] * scale);
            }
        }
    }

    /** Those of a flow: couplings that hardly move anything yet, no scaling. */
    static void of(Nice nice, long seed, float[] values) {
        ParameterLayout layout = nice.layout();
        int firstSlice = 0;
        for (int k = 0; k < nice.couplings(); k++) {
            int[] widths = nice.widths(k);
            perceptron("couplings." + k + ".", layout, widths, 0.1, seed, firstSlice, values);
            firstSlice += widths.length - 1;
        }
    }
}
