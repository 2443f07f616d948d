package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.FourierFeatures;
import java.util.Arrays;

/**
 * Waves of the input as a layer that is never trained: sin(B y) and cos(B y) = sin(B y + pi/2), with their jets, written behind
 * y in the perceptron's input.
 */
final class FourierBlock {
    /** 2K. */
    final int width;

    private final Kernels kernels;
    private final int inputs;
    /** B^T twice, [inputs][2K]. */
    private final float[][] rows;
    /** B twice, [2K][inputs]. */
    private final float[][] transposed;

    private final float[] phase;

    FourierBlock(Kernels kernels, FourierFeatures features, int inputs) {
        this.kernels = kernels;
        this.inputs = inputs;
        int count = features.count();
        width = 2 * count;
        float[] frequencies = features.frequencies(inputs);
        rows = new float[inputs][width];
        transposed = new float[width][inputs];
        phase = new float[width];
        for (int k = 0; k < width; k++) {
            for (int i = 0; i < inputs; i++) {
                float frequency = frequencies[k % count * inputs + i];
                rows[i][k] = frequency;
                transposed[k][i] = frequency;
            }
            phase[k] = k < count ? 0f : (float) (Math.PI / 2);
        }
    }

    /** Runs samples from .. to-1 forward, from the first numbers of the perceptron's input rows to the rest of them. */
    void forward(NetworkBuffers buffers, int from, int to, Scratch scratch) {
        JetShape shape = buffers.shape;
        int streams = shape.streams();
        float[][] z = buffers.waveDerivatives;
        for (int r = from * streams; r < to * streams; r++) {
            if (r % streams == 0) {
                System.arraycopy(phase, 0, z[r], 0, width);
            } else {
                Arrays.fill(z[r], 0f);
            }
        }
        kernels.multiply(
                buffers.jets.input,
                rows,
                transposed,
                z,
                from * streams,
                to * streams,
                0,
                streams,
                shape.firstOrderStreams(),
                inputs,
                width);
        for (int n = from; n < to; n++) {
            kernels.activate(Activation.SIN, shape, z, buffers.waves, n * streams, width, scratch);
        }
        for (int r = from * streams; r < to * streams; r++) {
            System.arraycopy(buffers.waves[r], 0, buffers.jets.input[r], inputs, width);
        }
    }

    /** Runs samples from .. to-1 backward: adds to the adjoints of the first numbers what the rest of them owe. */
    void reverse(NetworkBuffers buffers, int from, int to, Scratch scratch) {
        JetShape shape = buffers.shape;
        int streams = shape.streams();
        float[][] adjoints = scratch.adjoints;
        int first = from * streams;
        for (int r = first; r < to * streams; r++) {
            System.arraycopy(buffers.jets.inputAdjoint[r], inputs, adjoints[r - first], 0, width);
        }
        for (int n = from; n < to; n++) {
            kernels.deactivate(shape, buffers.waveDerivatives, n * streams, adjoints, n * streams - first, width);
        }
        kernels.multiply(
                buffers.waveDerivatives,
                transposed,
                rows,
                buffers.jets.inputAdjoint,
                first,
                to * streams,
                0,
                streams,
                streams,
                width,
                inputs);
    }
}
