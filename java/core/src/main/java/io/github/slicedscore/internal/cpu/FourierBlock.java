package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.FourierFeatures;

/**
 * Waves of the input as a layer that is never trained: sin(B y) and cos(B y) = sin(B y + pi/2), with their jets, written behind
 * y in the perceptron's input.
 */
final class FourierBlock {
    /** 2K. */
    final int width;

    private final MlpBlock block;
    private final int inputs;

    FourierBlock(Kernels kernels, FourierFeatures features, int inputs) {
        this.inputs = inputs;
        int count = features.count();
        width = 2 * count;
        block = kernels.block(new MlpShape(new int[] {inputs, width}, Activation.SIN, false, true));
        float[] frequencies = features.frequencies(inputs);
        float[] parameters = new float[width * inputs + width];
        for (int k = 0; k < width; k++) {
            System.arraycopy(frequencies, k % count * inputs, parameters, k * inputs, inputs);
            parameters[width * inputs + k] = k < count ? 0f : (float) (Math.PI / 2);
        }
        block.weights().load(parameters);
    }

    /** Room for samples. */
    JetBuffers buffers(JetShape shape, int samples, Reverse reverse) {
        return block.buffers(shape, samples, reverse);
    }

    /** Runs samples from .. to-1 forward, from the first numbers of the perceptron's input rows to the rest of them. */
    void forward(JetBuffers waves, JetBuffers perceptron, int from, int to, Scratch scratch) {
        int streams = waves.shape.streams();
        for (int r = from * streams; r < to * streams; r++) {
            System.arraycopy(perceptron.input[r], 0, waves.input[r], 0, inputs);
        }
        block.forward(waves, from, to, false, scratch);
        for (int r = from * streams; r < to * streams; r++) {
            System.arraycopy(waves.output[r], 0, perceptron.input[r], inputs, width);
        }
    }

    /** Runs samples from .. to-1 backward: adds to the adjoints of the first numbers what the rest of them owe. */
    void reverse(JetBuffers waves, JetBuffers perceptron, int from, int to, Scratch scratch) {
        int streams = waves.shape.streams();
        for (int r = from * streams; r < to * streams; r++) {
            System.arraycopy(perceptron.inputAdjoint[r], inputs, waves.outputAdjoint[r], 0, width);
        }
        block.reverse(waves, from, to, scratch);
        for (int r = from * streams; r < to * streams; r++) {
            float[] sum = perceptron.inputAdjoint[r];
            for (int i = 0; i < inputs; i++) {
                sum[i] += waves.inputAdjoint[r][i];
            }
        }
    }
}
