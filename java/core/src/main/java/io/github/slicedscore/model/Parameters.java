package io.github.slicedscore.model;

import io.github.slicedscore.data.TrainingRows;
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
     * Starting values, drawn by {@link io.github.slicedscore.math.Philox} from the seed alone (c0 = output unit, slice = layer; the bias follows the
     * weights of its unit as one more number).
     *
     * <table>
     * <caption>Standard deviations</caption>
     * <tr><th>layer</th><th>weights</th><th>biases</th></tr>
     * <tr><td>first of several</td><td>2/sqrt(in)</td><td>2: the units' bends spread over standardised data, instead of all
     * passing through the mean</td></tr>
     * <tr><td>between</td><td>1/sqrt(in), which keeps the size of the first-order streams</td><td>1/sqrt(in)</td></tr>
     * <tr><td>last</td><td>1/sqrt(in); an energy's a tenth of that, to start near its base</td><td>0</td></tr>
     * <tr><td>last of a coupling</td><td>0.1/sqrt(in), so that a flow starts near the identity, and its density near the
     * prior's, which standardised data fit roughly; its log scales are 0</td><td>0</td></tr>
     * </table>
     *
     * <p>The couplings of a flow take the slices of their layers one after the other.
     *
     * <p>A deep kernel energy starts as that of Wenliang et al. 2019: all weights and biases of its features are normal, divided by
     * the root of the layer's number of outputs; inducing points are normal; log bandwidths are evenly from 0 to 1 (of three kernels
     * 1, 3.3 and 10 wide), mixture logits and coefficients 0, the log regulariser -2.
     *
     * @param architecture the network
     * @param seed the run's seed
     * @return the parameters
     */
    public static Parameters initialize(Architecture architecture, long seed) {
        float[] values = new float[architecture.layout().size()];
        if (architecture instanceof Mlp mlp) {
            double last = mlp.isEnergy() ? 0.1 : 1;
            Initialization.perceptron("", mlp.layout(), mlp.widths(), last, seed, 0, values);
        } else if (architecture instanceof DeepKernelEnergy kernels) {
            Initialization.of(kernels, seed, values);
        } else if (architecture instanceof Nice nice) {
            Initialization.of(nice, seed, values);
        }
        return new Parameters(architecture.layout(), values);
    }

    /**
     * Starting values for training on rows: as without them, but the inducing points of a deep kernel energy are rows, each another
     * one, as far as there are as many.
     *
     * @param architecture the network
     * @param seed the run's seed
     * @param rows the training rows
     * @return the parameters
     */
    public static Parameters initialize(Architecture architecture, long seed, TrainingRows rows) {
        Parameters parameters = initialize(architecture, seed);
        if (architecture instanceof DeepKernelEnergy energy) {
            Initialization.points(energy, seed, rows, parameters.values);
        }
        return parameters;
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
