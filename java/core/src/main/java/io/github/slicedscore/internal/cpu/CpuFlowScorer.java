package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.FlowScorer;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.Parameters;

/** A flow opened for inference on the processor. */
final class CpuFlowScorer extends CpuScorer implements FlowScorer {
    private final CouplingNetwork flow;

    CpuFlowScorer(Kernels kernels, WorkerPool pool, Nice architecture, Parameters parameters) {
        this(kernels, pool, architecture, CouplingNetwork.of(kernels, architecture), parameters);
    }

    private CpuFlowScorer(
            Kernels kernels, WorkerPool pool, Nice architecture, CouplingNetwork network, Parameters parameters) {
        super(kernels, pool, architecture, network, parameters);
        flow = network;
    }

    @Override
    public void invert(float[] latents, int rows, float[] inputs) {
        int dimension = flow.dimension;
        Scorer.requireLength("latents", latents.length, rows, dimension);
        Scorer.requireLength("inputs", inputs.length, rows, dimension);
        run(rows, (workspace, from, to) -> {
            CouplingBuffers buffers = (CouplingBuffers) workspace.plain;
            int count = to - from;
            for (int n = 0; n < count; n++) {
                System.arraycopy(latents, (from + n) * dimension, buffers.latent(n), 0, dimension);
            }
            flow.invert(buffers, 0, count, workspace.scratch);
            for (int n = 0; n < count; n++) {
                System.arraycopy(buffers.input[n], 0, inputs, (from + n) * dimension, dimension);
            }
        });
    }
}
