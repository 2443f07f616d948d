package io.github.slicedscore.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each tensor stands in the flat parameter array; the tensors and their order are the architecture's, {@link
 * Architecture#layout}.
 *
 * @param tensors the tensors in order
 * @param size number of floats in all
 */
public record ParameterLayout(List<Tensor> tensors, int size) {
    /**
     * One tensor of the layout.
     *
     * @param name name in model files, {@code layers.I.weight} for example
     * @param shape lengths of its axes, the last of which is contiguous
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
        return architecture.layout();
    }

    /** Starts an empty layout. */
    static Builder builder() {
        return new Builder();
    }

    /** Puts tensors one behind the other. */
    static final class Builder {
        private final List<Tensor> tensors = new ArrayList<>();
        private long offset;

        private Builder() {}

        /** Adds a tensor. */
        Builder add(String name, Integer... shape) {
            long size = 1;
            for (int length : shape) {
                size = Math.min(size * length, Long.MAX_VALUE >>> 32);
            }
            if (offset + size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("with " + name + " of " + List.of(shape)
                        + " the network has more than 2^31 - 1 parameters; make its layers narrower");
            }
            tensors.add(new Tensor(name, List.of(shape), (int) offset));
            offset += size;
            return this;
        }

        /** Adds the layers of a perceptron, each its weight [out, in] and its bias [out]. */
        Builder addPerceptron(String prefix, int[] widths) {
            for (int layer = 0; layer + 1 < widths.length; layer++) {
                add(prefix + "layers." + layer + ".weight", widths[layer + 1], widths[layer]);
                add(prefix + "layers." + layer + ".bias", widths[layer + 1]);
            }
            return this;
        }

        ParameterLayout build() {
            return new ParameterLayout(tensors, (int) offset);
        }
    }

    /**
     * A tensor by its name.
     *
     * @param name as in model files
     * @return the tensor
     * @throws IllegalArgumentException if the layout has none of this name
     */
    public Tensor tensor(String name) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no tensor of the network is called " + name));
    }

    /**
     * Offset of the weight of a layer of an {@link Mlp}.
     *
     * @param layer 0 for the first
     * @return index of W[0][0]
     */
    public int weightOffset(int layer) {
        return tensors.get(2 * layer).offset();
    }

    /**
     * Offset of the bias of a layer of an {@link Mlp}.
     *
     * @param layer 0 for the first
     * @return index of b[0]
     */
    public int biasOffset(int layer) {
        return tensors.get(2 * layer + 1).offset();
    }
}
