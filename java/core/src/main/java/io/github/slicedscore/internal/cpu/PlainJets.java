package io.github.slicedscore.internal.cpu;

/** Streams as rows all through. */
final class PlainJets extends JetBuffers {
    /** affine[l]: z-streams of layer l; where it has an activation they become b-streams, then dz-streams. */
    final float[][][] affine;
    /** activations[l]: a-streams after layer l. */
    final float[][][] activations;

    PlainJets(JetShape shape, MlpShape block, int samples, Reverse reverse) {
        super(shape, block, samples, reverse);
        int layers = block.layers();
        affine = new float[layers][][];
        activations = new float[block.activated()][][];
        for (int layer = 0; layer < layers; layer++) {
            boolean last = layer == layers - 1;
            if (layer < activations.length) {
                affine[layer] = new float[input.length][block.widths[layer + 1]];
                activations[layer] = last ? output : new float[input.length][block.widths[layer + 1]];
            } else {
                affine[layer] = output;
            }
        }
    }

    /** What a layer reads. */
    float[][] inputOf(int layer) {
        return layer == 0 ? input : activations[layer - 1];
    }

    /** Adjoints of a layer's affine output, once the reverse pass has been there. */
    float[][] adjointOf(int layer) {
        return layer < activations.length ? affine[layer] : outputAdjoint;
    }
}
