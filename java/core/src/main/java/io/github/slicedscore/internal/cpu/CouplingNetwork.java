package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Nice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * NICE: additive couplings, whose perceptrons are blocks, then the scaling and the prior. A coupling adds its perceptron's jets
 * to those of the half that it moves, stream by stream, because it is linear in them.
 *
 * <p>Coupling k reads the half that coupling k - 1 has moved and moves the one that k - 1 has read. So with x_k what it reads and
 * d_k the adjoint of what it moves,
 *
 * <pre>
 * x_(k+1) = x_(k-1) + m_k(x_k),                       x_0 the odd columns, x_(-1) the even ones
 * d_(k-1) = d_(k+1) + (adjoint of m_k's input),       d_(K-1), d_K the halves of y's adjoint
 * </pre>
 *
 * <p>and no half is kept but where a perceptron reads it, no adjoint but where it enters one.
 */
final class CouplingNetwork extends Network {
    private final MlpBlock[] blocks;
    private final PriorBlock prior;
    private final JoinedWeights joined;

    /** How many numbers the last coupling reads: the first ones that the map ends in. */
    private final int seenLast;

    private CouplingNetwork(Nice architecture, MlpBlock[] blocks, PriorBlock prior, JoinedWeights joined) {
        super(architecture, joined);
        this.blocks = blocks;
        this.prior = prior;
        this.joined = joined;
        this.seenLast = architecture.widths(blocks.length - 1)[0];
    }

    static CouplingNetwork of(Kernels kernels, Nice architecture) {
        MlpBlock[] blocks = new MlpBlock[architecture.couplings()];
        List<Weights> parts = new ArrayList<>();
        for (int k = 0; k < blocks.length; k++) {
            blocks[k] = kernels.block(new MlpShape(architecture.widths(k), architecture.activation(), false, false));
            parts.add(blocks[k].weights());
        }
        PriorBlock prior = new PriorBlock(architecture.prior(), architecture.dimension());
        parts.add(prior.weights);
        return new CouplingNetwork(architecture, blocks, prior, new JoinedWeights(parts));
    }

    @Override
    boolean takesSecondInput() {
        return true;
    }

    @Override
    int widest() {
        return Arrays.stream(blocks)
                .mapToInt(block -> block.weights().shape.widest())
                .max()
                .orElseThrow();
    }

    @Override
    long streamedUnits() {
        return Arrays.stream(blocks)
                .mapToLong(block -> block.weights().shape.streamedUnits())
                .sum();
    }

    @Override
    CouplingBuffers buffers(JetShape shape, int samples, Reverse reverse) {
        JetBuffers[] couplings = new JetBuffers[blocks.length];
        for (int k = 0; k < blocks.length; k++) {
            // Adjoints of the later ones' inputs lead to the earlier ones.
            Reverse far = k > 0 && reverse == Reverse.PARAMETERS ? Reverse.INPUT : reverse;
            couplings[k] = blocks[k].buffers(shape, samples, far);
        }
        return new CouplingBuffers(couplings, new PriorBlock.Jets(shape, samples, dimension), dimension, reverse);
    }

    @Override
    void forward(NetworkBuffers streams, int from, int to, Scratch scratch) {
        CouplingBuffers buffers = (CouplingBuffers) streams;
        JetBuffers[] couplings = buffers.couplings;
        int rows = buffers.shape.streams();
        for (int r = from * rows; r < to * rows; r++) {
            float[] odd = couplings[0].input[r];
            for (int i = 0; i < odd.length; i++) {
                odd[i] = buffers.input[r][2 * i + 1];
            }
        }
        for (int k = 0; k < blocks.length; k++) {
            blocks[k].forward(couplings[k], from, to, true, scratch);
            for (int r = from * rows; r < to * rows; r++) {
                float[] moved = k + 1 < blocks.length ? couplings[k + 1].input[r] : couplings[k].output[r];
                move(buffers, k, r, moved);
            }
        }
        JetBuffers last = couplings[blocks.length - 1];
        for (int n = from; n < to; n++) {
            for (int r = n * rows; r < (n + 1) * rows; r++) {
                System.arraycopy(last.input[r], 0, buffers.end.rows[r], 0, seenLast);
                System.arraycopy(last.output[r], 0, buffers.end.rows[r], seenLast, dimension - seenLast);
            }
            prior.forward(buffers.end, n, buffers.output());
        }
    }

    /** Row r of the half that a coupling moves: as it was, and the perceptron's output. */
    private static void move(CouplingBuffers buffers, int coupling, int r, float[] moved) {
        float[] m = buffers.couplings[coupling].output[r];
        if (coupling == 0) {
            for (int i = 0; i < m.length; i++) {
                moved[i] = buffers.input[r][2 * i] + m[i];
            }
        } else {
            float[] before = buffers.couplings[coupling - 1].input[r];
            for (int i = 0; i < m.length; i++) {
                moved[i] = before[i] + m[i];
            }
        }
    }

    @Override
    void reverse(NetworkBuffers streams, int from, int to, Scratch scratch) {
        CouplingBuffers buffers = (CouplingBuffers) streams;
        JetBuffers[] couplings = buffers.couplings;
        int rows = buffers.shape.streams();
        int last = blocks.length - 1;
        for (int n = from; n < to; n++) {
            prior.reverse(buffers.end, n, buffers.outputAdjoint());
            for (int r = n * rows; r < (n + 1) * rows; r++) {
                System.arraycopy(
                        buffers.end.rows[r], seenLast, couplings[last].outputAdjoint[r], 0, dimension - seenLast);
            }
        }
        for (int k = last; k >= 0; k--) {
            blocks[k].reverse(couplings[k], from, to, scratch);
            for (int r = from * rows; r < to * rows && k > 0; r++) {
                sumAdjoints(buffers, k, r, couplings[k - 1].outputAdjoint[r], 0, 1);
            }
        }
        for (int r = from * rows; r < to * rows && buffers.inputAdjoint.length > 0; r++) {
            float[] even = couplings[0].outputAdjoint[r];
            for (int i = 0; i < even.length; i++) {
                buffers.inputAdjoint[r][2 * i] = even[i];
            }
            sumAdjoints(buffers, 0, r, buffers.inputAdjoint[r], 1, 2);
        }
    }

    /** The adjoint of what a coupling reads, before it: of the half as the next one has it, and by way of the perceptron. */
    private void sumAdjoints(CouplingBuffers buffers, int coupling, int r, float[] into, int first, int stride) {
        float[] through = buffers.couplings[coupling].inputAdjoint[r];
        float[] after =
                coupling + 1 < blocks.length ? buffers.couplings[coupling + 1].outputAdjoint[r] : buffers.end.rows[r];
        for (int i = 0; i < through.length; i++) {
            into[first + stride * i] = after[i] + through[i];
        }
    }

    /**
     * The inverse map of samples from .. to-1.
     *
     * @param buffers of values alone, {@link CouplingBuffers#latent} filled, which is overwritten; input rows are written
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    void invert(CouplingBuffers buffers, int from, int to, Scratch scratch) {
        int last = blocks.length - 1;
        for (int n = from; n < to; n++) {
            prior.invert(buffers.latent(n));
            System.arraycopy(buffers.latent(n), 0, buffers.couplings[last].input[n], 0, seenLast);
        }
        for (int k = last; k >= 0; k--) {
            blocks[k].forward(buffers.couplings[k], from, to, false, scratch);
            for (int n = from; n < to; n++) {
                moveBack(buffers, k, n);
            }
        }
        for (int n = from; n < to; n++) {
            float[] odd = buffers.couplings[0].input[n];
            for (int i = 0; i < odd.length; i++) {
                buffers.input[n][2 * i + 1] = odd[i];
            }
        }
    }

    /** The half that a coupling has moved, as it was. */
    private void moveBack(CouplingBuffers buffers, int coupling, int n) {
        boolean ends = coupling + 1 == blocks.length;
        float[] moved = ends ? buffers.latent(n) : buffers.couplings[coupling + 1].input[n];
        int first = ends ? seenLast : 0;
        float[] into = coupling == 0 ? buffers.input[n] : buffers.couplings[coupling - 1].input[n];
        int stride = coupling == 0 ? 2 : 1;
        float[] m = buffers.couplings[coupling].output[n];
        for (int i = 0; i < m.length; i++) {
            into[stride * i] = moved[first + i] - m[i];
        }
    }

    @Override
    double gradientBound(NetworkBuffers streams, int from, int to) {
        CouplingBuffers buffers = (CouplingBuffers) streams;
        double sum = prior.gradientBound(buffers.end, from, to);
        for (int k = 0; k < blocks.length; k++) {
            sum += blocks[k].gradientBound(buffers.couplings[k], from, to);
        }
        return sum;
    }

    @Override
    void weightGradient(
            NetworkBuffers streams,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch) {
        CouplingBuffers buffers = (CouplingBuffers) streams;
        JoinedWeights.Place place = joined.place(chunk);
        int within = shift - place.firstPiece();
        if (place.part() < blocks.length) {
            JetBuffers jets = buffers.couplings[place.part()];
            blocks[place.part()].weightGradient(jets, samples, place.chunk(), add, gradient, within, scratch);
        } else {
            prior.weightGradient(buffers.end, samples, add, gradient[-within]);
        }
    }
}
