package io.github.slicedscore.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each tensor stands in the flat parameter array: W0, b0, W1, b1, ...; W row-major [out][in] as in
 * {@code torch.nn.Linear}, input columns [x, c], no padding.
 *
 * @param tensors the tensors in order
 * @param size number of floats in all
 */
public record ParameterLayout(List<Tensor> tensors, int size) {
    /**
     * One tensor of the layout.
     *
     * @param name name in model files: {@code layers.I.weight} or {@code layers.I.bias}
     * @param shape [out, in] or [out]
     * @param offset index of the first element in the flat array
     */
    public record Tensor(String name, List<Integer> shape, int offset) {
        /**
         * Number of elements.
         *
         * @return product of the shape
         */
        public int size() {
            return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        }
    }

    /** Copies the list. */
    public ParameterLayout {
        tensors = List.copyOf(tensors);
    }

    /**
     * The layout of an architecture.
     *
     * @param architecture any architecture
     * @return its layout
     * @throws IllegalArgumentException if the network has 2^31 parameters or more
     */
    public static ParameterLayout of(Architecture architecture) {
        int[] widths = architecture.widths();
        List<Tensor> tensors = new ArrayList<>();
        long offset = 0;
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            int in = widths[layer];
            int out = widths[layer + 1];
            long end = offset + (long) in * out + out;
            if (end > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("the network of widths " + java.util.Arrays.toString(widths)
                        + " has more than 2^31 - 1 parameters; make its layers narrower");
            }
            tensors.add(new Tensor("layers." + layer + ".weight", List.of(out, in), (int) offset));
            tensors.add(new Tensor("layers." + layer + ".bias", List.of(out), (int) (offset + (long) in * out)));
            offset = end;
        }
        return new ParameterLayout(tensors, (int) offset);
    }

    /**
     * Offset of a layer's weight.
     *
     * @param layer 0 for the first
     * @return index of W[0][0]
     */
    public int weightOffset(int layer) {
        return tensors.get(2 * layer).offset();
    }

    /**
     * Offset of a layer's bias.
     *
     * @param layer 0 for the first
     * @return index of b[0]
     */
    public int biasOffset(int layer) {
        return tensors.get(2 * layer + 1).offset();
    }
}
