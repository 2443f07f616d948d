package io.github.slicedscore.internal.cpu;

/** Streams in panels between both ends. */
final class PanelJets extends JetBuffers {
    /** Streams that the first layer reads. */
    final Panels first;
    /** affine[l]: z-streams of layer l; where it has an activation they become b-streams, then dz-streams. */
    final Panels[] affine;
    /** activations[l]: a-streams after layer l. */
    final Panels[] activations;
    /** Adjoints of the last layer's affine output where that is the block's output. */
    final Panels lastAdjoint;

    PanelJets(JetShape shape, MlpShape block, int samples, Reverse reverse) {
        super(shape, block, samples, reverse);
        int rows = input.length;
        int layers = block.layers();
        first = new Panels(rows, block.widths[0]);
        affine = new Panels[layers];
        activations = new Panels[block.activated()];
        for (int layer = 0; layer < layers; layer++) {
            affine[layer] = new Panels(rows, block.widths[layer + 1]);
            if (layer < activations.length) {
                activations[layer] = new Panels(rows, block.widths[layer + 1]);
            }
        }
        lastAdjoint = activations.length < layers ? new Panels(rows, block.widths[layers]) : affine[layers - 1];
    }

    /** What a layer reads. */
    Panels inputOf(int layer) {
        return layer == 0 ? first : activations[layer - 1];
    }

    /** The output of the last layer. */
    Panels last() {
        return activations.length < affine.length ? affine[affine.length - 1] : activations[affine.length - 1];
    }

    /** Adjoints of a layer's affine output, once the reverse pass has been there. */
    Panels adjointOf(int layer) {
        return layer < activations.length ? affine[layer] : lastAdjoint;
    }
}
