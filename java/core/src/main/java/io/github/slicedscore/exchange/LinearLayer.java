package io.github.slicedscore.exchange;

import java.util.Arrays;

/**
 * An affine layer of a state dict: y = W x + b.
 *
 * @param name what its tensors are called before {@code .weight} and {@code .bias}; empty for a network that is one layer
 * @param inputs length of x
 * @param outputs length of y
 * @param weight W, [outputs, inputs] row-major
 * @param bias b, [outputs]
 */
public record LinearLayer(String name, int inputs, int outputs, float[] weight, float[] bias) {
    /** Copies the arrays, and checks that they have the sizes of the layer. */
    public LinearLayer {
        if (weight.length != (long) inputs * outputs || bias.length != outputs) {
            throw new IllegalArgumentException("layer '" + name + "' from " + inputs + " to " + outputs
                    + " numbers does not have " + weight.length + " weights and " + bias.length + " biases");
        }
        weight = weight.clone();
        bias = bias.clone();
    }

    /**
     * The weights.
     *
     * @return a copy
     */
    @Override
    public float[] weight() {
        return weight.clone();
    }

    /**
     * The biases.
     *
     * @return a copy
     */
    @Override
    public float[] bias() {
        return bias.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearLayer that
                && name.equals(that.name)
                && inputs == that.inputs
                && outputs == that.outputs
                && Arrays.equals(weight, that.weight)
                && Arrays.equals(bias, that.bias);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(weight);
    }

    @Override
    public String toString() {
        return "LinearLayer['" + name + "', " + inputs + " -> " + outputs + "]";
    }
}
