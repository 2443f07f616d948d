package io.github.slicedscore.model;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** Starting values, see {@link Parameters#initialize}. */
final class Initialization {
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

    /** Those of a deep kernel energy. */
    static void of(DeepKernelEnergy energy, long seed, float[] values) {
        throw new UnsupportedOperationException("not yet: " + energy + seed + values.length);
    }

    /** Those of a flow: couplings that hardly move anything yet, no scaling. */
    static void of(Nice nice, long seed, float[] values) {
        int firstSlice = 0;
        for (int k = 0; k < nice.couplings(); k++) {
            int[] widths = nice.widths(k);
            perceptron("couplings." + k + ".", nice.layout(), widths, 0.1, seed, firstSlice, values);
            firstSlice += widths.length - 1;
        }
    }
}
