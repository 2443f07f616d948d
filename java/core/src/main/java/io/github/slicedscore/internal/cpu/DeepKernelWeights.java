package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parameters of a {@link DeepKernelNetwork}: the pieces of its blocks, and a piece each of the inducing points, of the numbers of
 * the kernels, and of the coefficients. A chunk's layer is its number.
 *
 * <p>The weights of the affine blocks in the kernels are not parameters, but the features of the inducing points: they are renewed
 * after every update, and their gradient is brought on to features and points before it, which leaves none.
 */
final class DeepKernelWeights extends Weights {
    /** What a chunk has that belongs to no block. */
    static final int NO_BLOCK = -1;

    /** Kernels go over pieces by two of the widest vectors. */
    private static final int PADDING = 32;

    /** How many blocks have parameters in the public order: a perceptron for each kernel, and the skips. */
    private final int learned;

    private final MlpWeights[] blocks;
    /** First piece of each block, and at last of what is in no block. */
    private final int[] first;

    private final ParameterLayout layout;
    private final int kernels;
    private final InducingFeatures inducing;
    private final float[][] pieces;
    private final List<Chunk> chunks;
    /** By chunk: which block's it is. */
    private final int[] block;
    /** By chunk: the block's own, where it is a block's. */
    private final List<Chunk> local;

    /**
     * Parameters that are zero.
     *
     * @param energy whose
     * @param blocks perceptrons, skips, affine blocks of the kernels
     * @param inducing the inducing points' features, as the blocks make them
     */
    DeepKernelWeights(DeepKernelEnergy energy, MlpBlock[] blocks, InducingFeatures inducing) {
        this.layout = energy.layout();
        this.kernels = energy.kernels();
        this.learned = kernels + 1;
        this.inducing = inducing;
        this.blocks = Arrays.stream(blocks).map(MlpBlock::weights).toArray(MlpWeights[]::new);
        first = new int[blocks.length + 1];
        List<float[]> all = new ArrayList<>();
        List<Chunk> numbered = new ArrayList<>();
        List<Chunk> own = new ArrayList<>();
        List<Integer> owner = new ArrayList<>();
        for (int b = 0; b < blocks.length; b++) {
            first[b] = all.size();
            for (Chunk chunk : this.blocks[b].chunks()) {
                numbered.add(new Chunk(numbered.size(), first[b] + chunk.from(), first[b] + chunk.to()));
                own.add(chunk);
                owner.add(b);
            }
            all.addAll(Arrays.asList(this.blocks[b].pieces()));
        }
        first[blocks.length] = all.size();
        all.add(piece(Math.multiplyExact(energy.inducing(), energy.dimension())));
        all.add(piece(2 * kernels + 1));
        all.add(piece(energy.inducing()));
        for (int piece = first[blocks.length]; piece < all.size(); piece++) {
            Chunk chunk = new Chunk(numbered.size(), piece, piece + 1);
            numbered.add(chunk);
            own.add(chunk);
            owner.add(NO_BLOCK);
        }
        pieces = all.toArray(new float[0][]);
        chunks = List.copyOf(numbered);
        local = List.copyOf(own);
        block = owner.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] piece(int numbers) {
        return new float[Math.multiplyExact(BatchGradient.parts(numbers, PADDING), PADDING)];
    }

    /** Which block a chunk belongs to, or {@link #NO_BLOCK}. */
    int block(Chunk chunk) {
        return block[chunk.layer()];
    }

    /** A block's chunk as the block has it. */
    Chunk local(Chunk chunk) {
        return local.get(chunk.layer());
    }

    /** First piece of a block. */
    int first(int ofBlock) {
        return first[ofBlock];
    }

    /** The pieces of a block. */
    float[][] of(int ofBlock, float[][] all) {
        return Arrays.copyOfRange(all, first[ofBlock], first[ofBlock + 1]);
    }

    /** Piece of the inducing points, row by row. */
    int points() {
        return first[blocks.length];
    }

    /** Piece of log bandwidths, mixture logits and the log regularizer. */
    int numbers() {
        return first[blocks.length] + 1;
    }

    /** Place of the log regularizer there. */
    int regularizer() {
        return 2 * kernels;
    }

    /** Piece of the coefficients. */
    int coefficients() {
        return first[blocks.length] + 2;
    }

    @Override
    float[][] pieces() {
        return pieces;
    }

    @Override
    List<Chunk> chunks() {
        return chunks;
    }

    @Override
    void refresh(Chunk chunk) {
        int owner = block(chunk);
        if (owner != NO_BLOCK && owner < learned) {
            blocks[owner].refresh(local(chunk));
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

    /** Where a tensor's numbers stand: those of a block row by row of its weight, or a stretch of a piece. */
    private interface Visit {
        void block(MlpWeights weights, int block, int offset);

        void skip(int kernel, int offset);

        void stretch(int piece, int from, int offset, int length);
    }

    private void visit(Visit visit) {
        for (int r = 0; r < kernels; r++) {
            visit.block(blocks[r], r, offset("features." + r + ".layers.0.weight"));
            visit.skip(r, offset("features." + r + ".skip.weight"));
        }
        stretch(visit, "inducing_points", points(), 0);
        stretch(visit, "log_bandwidth", numbers(), 0);
        stretch(visit, "mixture_logits", numbers(), kernels);
        stretch(visit, "log_regularizer", numbers(), regularizer());
        stretch(visit, "coefficients", coefficients(), 0);
    }

    private void stretch(Visit visit, String name, int piece, int from) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        visit.stretch(piece, from, tensor.offset(), tensor.size());
    }

    private int offset(String tensor) {
        return layout.tensor(tensor).offset();
    }

    @Override
    void unflatten(float[] flat, int start, float[][] into) {
        visit(new Visit() {
            @Override
            public void block(MlpWeights weights, int ofBlock, int offset) {
                weights.unflatten(flat, start + offset, of(ofBlock, into));
            }

            @Override
            public void skip(int kernel, int offset) {
                skips(kernel, start + offset, (piece, index, at) -> into[piece][index] = flat[at]);
            }

            @Override
            public void stretch(int piece, int from, int offset, int length) {
                System.arraycopy(flat, start + offset, into[piece], from, length);
            }
        });
    }

    @Override
    void flatten(float[][] from, float[] flat, int start) {
        visit(new Visit() {
            @Override
            public void block(MlpWeights weights, int ofBlock, int offset) {
                weights.flatten(of(ofBlock, from), flat, start + offset);
            }

            @Override
            public void skip(int kernel, int offset) {
                skips(kernel, start + offset, (piece, index, at) -> flat[at] = from[piece][index]);
            }

            @Override
            public void stretch(int piece, int at, int offset, int length) {
                System.arraycopy(from[piece], at, flat, start + offset, length);
            }
        });
    }

    private interface Number {
        void at(int piece, int index, int flat);
    }

    /** The skip of a kernel: some of the outputs of the block that is all of them. */
    private void skips(int kernel, int start, Number number) {
        MlpWeights weights = blocks[kernels];
        int in = weights.shape.widths[0];
        int features = weights.shape.widths[1] / kernels;
        int next = start;
        for (int o = kernel * features; o < (kernel + 1) * features; o++) {
            for (int k = 0; k < in; k++) {
                number.at(first[kernels] + weights.piece(0, k, o), weights.index(0, k, o), next++);
            }
        }
    }
}
