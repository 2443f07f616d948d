package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parameters of a {@link DeepKernelNetwork}: those of its blocks, then a piece each of the inducing points, of the numbers of the
 * kernels, and of the coefficients.
 *
 * <p>The weights of the affine blocks in the kernels are not parameters, but the features of the inducing points: they are renewed
 * after every update, and their gradient is brought on to features and points before it, which leaves none.
 */
final class DeepKernelWeights extends JoinedWeights {
    private final ParameterLayout layout;
    private final int kernels;
    private final MlpWeights[] blocks;
    /** First piece of each block, and at last of what is in no block. */
    private final int[] first;

    private final InducingFeatures inducing;

    /**
     * Parameters that are zero.
     *
     * @param energy whose
     * @param blocks perceptrons, one for each kernel, the skips of all, affine blocks of the kernels
     * @param inducing the inducing points' features, as the blocks make them
     */
    DeepKernelWeights(DeepKernelEnergy energy, MlpBlock[] blocks, InducingFeatures inducing) {
        super(parts(energy, blocks));
        this.layout = energy.layout();
        this.kernels = energy.kernels();
        this.blocks = Arrays.stream(blocks).map(MlpBlock::weights).toArray(MlpWeights[]::new);
        this.inducing = inducing;
        first = new int[blocks.length + 1];
        for (int b = 0; b < blocks.length; b++) {
            first[b + 1] = first[b] + this.blocks[b].pieces().length;
        }
    }

    private static List<Weights> parts(DeepKernelEnergy energy, MlpBlock[] blocks) {
        List<Weights> parts = new ArrayList<>();
        for (MlpBlock block : blocks) {
            parts.add(block.weights());
        }
        parts.add(new VectorWeights(Math.multiplyExact(energy.inducing(), energy.dimension())));
        parts.add(new VectorWeights(2 * energy.kernels() + 1));
        parts.add(new VectorWeights(energy.inducing()));
        return parts;
    }

    /** First piece of a block. */
    int first(int block) {
        return first[block];
    }

    /** The pieces of a block. */
    float[][] of(int block, float[][] all) {
        return Arrays.copyOfRange(all, first[block], first[block + 1]);
    }

    /** Piece of the inducing points, row by row. */
    int points() {
        return first[blocks.length];
    }

    /** Piece of log bandwidths, mixture logits and the log regularizer. */
    int numbers() {
        return points() + 1;
    }

    /** Place of the log regularizer there. */
    int regularizer() {
        return 2 * kernels;
    }

    /** Piece of the coefficients. */
    int coefficients() {
        return points() + 2;
    }

    @Override
    void refresh(Chunk chunk) {
        if (place(chunk).part() <= kernels) {
            super.refresh(chunk);
        }
    }

    @Override
    void renew() {
        inducing.renew(this);
    }

    @Override
    void complete(float[][] gradient) {
        inducing.complete(this, gradient);
    }

    @Override
    int size() {
        return layout.size();
    }

    @Override
    void unflatten(float[] flat, int start, float[][] into) {
        for (int r = 0; r < kernels; r++) {
            blocks[r].unflatten(flat, start + perceptron(r), of(r, into));
            skips(r, start, (piece, index, at) -> into[piece][index] = flat[at]);
        }
        stretches((piece, from, at, length) -> System.arraycopy(flat, start + at, into[piece], from, length));
    }

    @Override
    void flatten(float[][] from, float[] flat, int start) {
        for (int r = 0; r < kernels; r++) {
            blocks[r].flatten(of(r, from), flat, start + perceptron(r));
            skips(r, start, (piece, index, at) -> flat[at] = from[piece][index]);
        }
        stretches((piece, index, at, length) -> System.arraycopy(from[piece], index, flat, start + at, length));
    }

    private int perceptron(int kernel) {
        return layout.tensor("features." + kernel + ".layers.0.weight").offset();
    }

    /** A number's place in the pieces and in the public order. */
    private interface SkipNumber {
        void at(int piece, int index, int flat);
    }

    /** The skip of a kernel: some of the outputs of the block that is all of them. */
    private void skips(int kernel, int start, SkipNumber number) {
        MlpWeights weights = blocks[kernels];
        int in = weights.shape.widths[0];
        int features = weights.shape.widths[1] / kernels;
        int next = start + layout.tensor("features." + kernel + ".skip.weight").offset();
        for (int o = kernel * features; o < (kernel + 1) * features; o++) {
            for (int k = 0; k < in; k++) {
                number.at(first[kernels] + weights.piece(0, k, o), weights.index(0, k, o), next++);
            }
        }
    }

    /** Several numbers' place. */
    private interface Stretch {
        void at(int piece, int index, int flat, int length);
    }

    private void stretches(Stretch stretch) {
        stretch(stretch, "inducing_points", points(), 0);
        stretch(stretch, "log_bandwidth", numbers(), 0);
        stretch(stretch, "mixture_logits", numbers(), kernels);
        stretch(stretch, "log_regularizer", numbers(), regularizer());
        stretch(stretch, "coefficients", coefficients(), 0);
    }

    private void stretch(Stretch stretch, String name, int piece, int index) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        stretch.at(piece, index, tensor.offset(), tensor.size());
    }
}
