package io.github.slicedscore.model;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * The numbers of a network: one flat array in the order of its {@link ParameterLayout}. Immutable.
 */
public final class Parameters {
    private final ParameterLayout layout;
    private final float[] values;

    private Parameters(ParameterLayout layout, float[] values) {
        this.layout = layout;
        this.values = values;
    }

    /**
     * Parameters with given values.
     *
     * @param architecture the network
     * @param values flat values in layout order; copied
     * @return the parameters
     * @throws IllegalArgumentException if the length is not the layout's size
     */
    public static Parameters of(Architecture architecture, float[] values) {
        ParameterLayout layout = ParameterLayout.of(architecture);
        if (values.length != layout.size()) {
            throw new IllegalArgumentException(
                    "the network has " + layout.size() + " parameters, but " + values.length + " values were given");
        }
        return new Parameters(layout, values.clone());
    }

    /**
     * Starting values: weights N(0, 1/in) and biases 0, drawn by {@link Philox} from the seed alone (c0 = row of the
     * weight, slice = layer). The variance keeps the size of the first-order streams through the layers (Glorot and Bengio
     * 2010, with in = out). An energy's last layer starts at a tenth of that, near the base.
     *
     * @param architecture the network
     * @param seed the run's seed
     * @return the parameters
     */
    public static Parameters initialize(Architecture architecture, long seed) {
        ParameterLayout layout = ParameterLayout.of(architecture);
        float[] values = new float[layout.size()];
        int[] widths = architecture.widths();
        Philox philox = new Philox();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            int in = widths[layer];
            boolean last = layer + 2 == widths.length;
            double scale = (last && architecture instanceof EnergyMlp ? 0.1 : 1) / Math.sqrt(in);
            for (int row = 0; row < widths[layer + 1]; row++) {
                int from = layout.weightOffset(layer) + row * in;
                philox.normals(seed, row, RandomStream.INITIALIZATION, layer, 0, values, from, from + in);
                for (int i = from; i < from + in; i++) {
                    values[i] = (float) (values[i] * scale);
                }
            }
        }
        return new Parameters(layout, values);
    }

    /**
     * Where each tensor stands.
     *
     * @return the layout
     */
    public ParameterLayout layout() {
        return layout;
    }

    /**
     * Number of parameters.
     *
     * @return the layout's size
     */
    public int size() {
        return values.length;
    }

    /**
     * One value.
     *
     * @param index 0 .. size-1
     * @return the parameter
     */
    public float get(int index) {
        return values[index];
    }

    /**
     * A copy of all values.
     *
     * @return flat values in layout order
     */
    public float[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Parameters that && layout.equals(that.layout) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Parameters[" + values.length + "]";
    }
}
