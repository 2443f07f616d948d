package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import org.jspecify.annotations.Nullable;

/**
 * A perceptron, and around it, as {@code ScoreMlp} and {@code EnergyMlp} define them, the waves of the input, the scaling by the
 * noise level, and the Gaussian base.
 *
 * <pre>
 * score    s   = g net - h x            t_m = g net1_m - h v_m
 * energy   f   = net - P |x|^2 / 2      f1_m = net1_m - P v_m.x      f2 = net2 - P (sum_m |v_m|^2 + x.w)
 * </pre>
 *
 * <p>where w is the input's second-order stream, zero but for {@link EnergyBent}.
 *
 * <p>with g = 1 and h = 0 where there are no noise levels.
 */
final class MlpNetwork extends Network {
    private final MlpBlock block;
    private final MlpShape perceptron;
    private final @Nullable FourierBlock waves;
    private final boolean leveled;
    private final double base;

    private MlpNetwork(Kernels kernels, Mlp architecture, MlpBlock block) {
        super(architecture, block.weights());
        this.block = block;
        perceptron = block.weights().shape;
        waves = architecture
                .options()
                .fourier()
                .map(fourier -> new FourierBlock(kernels, fourier, inputs))
                .orElse(null);
        leveled = architecture.noiseLevels().isPresent();
        base = architecture instanceof EnergyMlp mlp ? mlp.base() : 0;
    }

    static MlpNetwork of(Kernels kernels, Mlp architecture) {
        return new MlpNetwork(kernels, architecture, kernels.block(MlpShape.of(architecture)));
    }

    /** {@inheritDoc} Waves and levels make one of their own from the tangents, with no room for another. */
    @Override
    boolean takesSecondInput() {
        return isEnergy() && waves == null && !leveled;
    }

    @Override
    int widest() {
        return Math.max(perceptron.widest(), waves == null ? 0 : waves.width);
    }

    @Override
    long streamedUnits() {
        return perceptron.streamedUnits();
    }

    @Override
    double sigma(float[] input) {
        return leveled ? Math.exp(input[inputs - 1]) : 0;
    }

    @Override
    void forward(NetworkBuffers streams, int from, int to, Scratch scratch) {
        MlpBuffers buffers = (MlpBuffers) streams;
        int rows = buffers.shape.streams();
        if (buffers.wrapped()) {
            for (int n = from; n < to; n++) {
                enter(buffers, n * rows);
            }
            if (waves != null) {
                waves.forward(buffers.waves(), buffers.jets, from, to, scratch);
            }
        }
        block.forward(buffers.jets, from, to, waves != null || takesSecondInput(), scratch);
        for (int n = from; n < to; n++) {
            leave(buffers, n * rows);
        }
    }

    /** The input of a sample as the perceptron has it: x and its tangents shrunk to the size 1. */
    private void enter(MlpBuffers buffers, int row) {
        float shrink = (float) (1 / spread(sigma(buffers.input[row])));
        for (int stream = 0; stream < buffers.shape.streams(); stream++) {
            float[] outer = buffers.input[row + stream];
            float[] inner = buffers.jets.input[row + stream];
            for (int i = 0; i < dimension; i++) {
                inner[i] = shrink * outer[i];
            }
            System.arraycopy(outer, dimension, inner, dimension, inputs - dimension);
        }
    }

    /** The standard deviation of noised standardised data: (1 + sigma^2)^(1/2). */
    private static double spread(double sigma) {
        return Math.sqrt(1 + sigma * sigma);
    }

    /** From the perceptron's output to s or f, in place. */
    private void leave(MlpBuffers buffers, int row) {
        if (isEnergy()) {
            GaussianBase.add(this, precision(buffers.input[row]), buffers, row);
        } else if (leveled) {
            double sigma = sigma(buffers.input[row]);
            float gain = gain(sigma);
            float pull = (float) (1 / (1 + sigma * sigma));
            for (int stream = 0; stream < buffers.shape.streams(); stream++) {
                float[] out = buffers.jets.output[row + stream];
                float[] in = buffers.input[row + stream];
                for (int i = 0; i < dimension; i++) {
                    out[i] = gain * out[i] - pull * in[i];
                }
            }
        }
    }

    private static float gain(double sigma) {
        return (float) (1 / (sigma * spread(sigma)));
    }

    private double precision(float[] input) {
        double sigma = sigma(input);
        return base == 0 ? 0 : 1 / (base * base + sigma * sigma);
    }

    @Override
    void reverse(NetworkBuffers streams, int from, int to, Scratch scratch) {
        MlpBuffers buffers = (MlpBuffers) streams;
        int rows = buffers.shape.streams();
        if (leveled && !isEnergy()) {
            for (int r = from * rows; r < to * rows; r++) {
                scale(buffers.jets.outputAdjoint[r], gain(sigma(buffers.input[r - r % rows])));
            }
        }
        block.reverse(buffers.jets, from, to, scratch);
        if (buffers.inputAdjoint.length == 0) {
            return;
        }
        if (waves != null) {
            waves.reverse(buffers.waves(), buffers.jets, from, to, scratch);
        }
        for (int n = from; n < to; n++) {
            enterAdjoint(buffers, n * rows);
        }
    }

    private void scale(float[] row, float factor) {
        for (int i = 0; i < dimension; i++) {
            row[i] *= factor;
        }
    }

    /** From the adjoints of the perceptron's input to those of [x, c] and its tangents. */
    private void enterAdjoint(MlpBuffers buffers, int row) {
        JetShape shape = buffers.shape;
        double sigma = sigma(buffers.input[row]);
        if (buffers.wrapped()) {
            float shrink = (float) (1 / spread(sigma));
            for (int stream = 0; stream < shape.streams(); stream++) {
                System.arraycopy(
                        buffers.jets.inputAdjoint[row + stream], 0, buffers.inputAdjoint[row + stream], 0, inputs);
                scale(buffers.inputAdjoint[row + stream], shrink);
            }
        }
        GaussianBase.addAdjoint(this, precision(buffers.input[row]), buffers, row);
    }

    @Override
    double gradientBound(NetworkBuffers buffers, int from, int to) {
        return block.gradientBound(((MlpBuffers) buffers).jets, from, to);
    }

    @Override
    void weightGradient(
            NetworkBuffers buffers,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch) {
        block.weightGradient(((MlpBuffers) buffers).jets, samples, chunk, add, gradient, shift, scratch);
    }

    @Override
    MlpBuffers buffers(JetShape shape, int samples, Reverse reverse) {
        JetBuffers jets = block.buffers(shape, samples, reverse);
        JetBuffers waveJets = waves == null ? null : waves.buffers(shape, samples, reverse);
        return new MlpBuffers(jets, waveJets, inputs, leveled || waves != null);
    }
}
