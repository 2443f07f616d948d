package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.Parameters;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * A network opened for inference on the processor. Rows are taken in chunks, each through a workspace that no other call
 * uses meanwhile; many rows are shared out over the worker pool.
 */
class CpuScorer implements Scorer {
    private static final int CHUNK = 64;

    /** Rows whose traces are taken at once: their jets are as many rows as those of the other passes. */
    private static final int TRACED = 8;

    private final Kernels kernels;
    private final WorkerPool pool;
    private final Architecture architecture;
    private final Network network;
    private final int dimension;
    private final int width;
    private final boolean energy;
    private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    CpuScorer(Kernels kernels, WorkerPool pool, Architecture architecture, Network network, Parameters parameters) {
        this.kernels = kernels;
        this.pool = pool;
        this.architecture = architecture;
        this.network = network;
        network.weights.load(parameters.toArray());
        dimension = architecture.dimension();
        width = architecture.inputs();
        energy = network.isEnergy();
    }

    /** A network of any kind. */
    static CpuScorer of(Kernels kernels, WorkerPool pool, Architecture architecture, Parameters parameters) {
        return architecture instanceof Nice nice
                ? new CpuFlowScorer(kernels, pool, nice, parameters)
                : new CpuScorer(kernels, pool, architecture, Network.of(kernels, architecture), parameters);
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        if (values != null) {
            if (!energy) {
                throw new IllegalArgumentException("a score network has no density, so there are no values to compute");
            }
            Scorer.requireLength("values", values.length, rows, 1);
        }
        if (scores != null) {
            Scorer.requireLength("scores", scores.length, rows, dimension);
        }
        run(rows, (workspace, from, to) -> evaluate(workspace, inputs, from, to, values, scores));
    }

    @Override
    public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        Scorer.requireLength("directions", directions.length, rows, dimension);
        Scorer.requireLength("products", products.length, rows, dimension);
        run(rows, (workspace, from, to) -> jvp(workspace, inputs, directions, from, to, products));
    }

    /** {@inheritDoc} By forward passes alone, {@value Exact#MOST} unit tangents at a time, which energies sum up as they go. */
    @Override
    public void traces(float[] inputs, int rows, double[] traces) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        Scorer.requireLength("traces", traces.length, rows, 1);
        run(rows, (workspace, from, to) -> {
            for (int first = from; first < to; first += TRACED) {
                traces(workspace, inputs, first, Math.min(to, first + TRACED), traces);
            }
        });
    }

    private void traces(Workspace workspace, float[] inputs, int from, int to, double[] traces) {
        NetworkBuffers jets = workspace.jets();
        JetShape shape = jets.shape;
        int count = to - from;
        for (int n = 0; n < count; n++) {
            System.arraycopy(inputs, (from + n) * width, jets.input[n * shape.streams()], 0, width);
            traces[from + n] = 0;
        }
        for (int round = 0; round < Exact.rounds(dimension); round++) {
            for (int n = 0; n < count; n++) {
                Exact.fill(jets, n * shape.streams(), round, dimension);
            }
            network.forward(jets, 0, count, workspace.scratch);
            for (int n = 0; n < count; n++) {
                int row = n * shape.streams();
                if (energy) {
                    traces[from + n] += jets.output()[row + 1 + shape.tangents()][0];
                    continue;
                }
                for (int t = 0; t < shape.tangents() && Exact.index(round, t, dimension) < dimension; t++) {
                    traces[from + n] += jets.output()[row + 1 + t][Exact.index(round, t, dimension)];
                }
            }
        }
    }

    /** {@inheritDoc} A chunk of chains takes all its steps at once, on whichever thread: chains do not meet. */
    @Override
    public void langevin(float[] chains, int count, double[] sizes, long seed, long firstStep) {
        Scorer.requireLength("chains", chains.length, count, width);
        run(count, (workspace, from, to) -> langevin(workspace, chains, from, to, sizes, seed, firstStep));
    }

    private void langevin(
            Workspace workspace, float[] chains, int from, int to, double[] sizes, long seed, long firstStep) {
        float[] noise = workspace.noise;
        for (int t = 0; t < sizes.length; t++) {
            float drift = (float) (0.5 * sizes[t]);
            float spread = (float) Math.sqrt(sizes[t]);
            float[][] scores = scores(workspace, chains, from, to, null);
            for (int chain = from; chain < to; chain++) {
                workspace.scratch.philox.normals(
                        seed, chain, RandomStream.SAMPLER, 0, firstStep + t + 1, noise, 0, dimension);
                float[] score = scores[chain - from];
                for (int i = 0; i < dimension; i++) {
                    chains[chain * width + i] += drift * score[i] + spread * noise[i];
                }
            }
        }
    }

    interface ChunkTask {
        void run(Workspace workspace, int from, int to);
    }

    final void run(int rows, ChunkTask task) {
        if (closed) {
            throw new IllegalStateException("the scorer is closed");
        }
        pool.requireOpen();
        int chunks = rows / CHUNK + (rows % CHUNK > 0 ? 1 : 0);
        WorkerPool.Phase phase = (chunk, worker) -> {
            Workspace workspace = idle.pollFirst();
            if (workspace == null) {
                workspace = new Workspace();
            }
            task.run(workspace, chunk * CHUNK, (int) Math.min(rows, (chunk + 1L) * CHUNK));
            idle.addFirst(workspace);
        };
        if (chunks == 1) {
            phase.run(0, 0);
        } else {
            pool.run(phase, chunks);
        }
    }

    private void evaluate(
            Workspace workspace,
            float[] inputs,
            int from,
            int to,
            float @Nullable [] values,
            float @Nullable [] scores) {
        if (scores == null) {
            forward(workspace, inputs, from, to, values);
            return;
        }
        float[][] result = scores(workspace, inputs, from, to, values);
        for (int n = 0; n < to - from; n++) {
            System.arraycopy(result[n], 0, scores, (from + n) * dimension, dimension);
        }
    }

    private void forward(Workspace workspace, float[] inputs, int from, int to, float @Nullable [] values) {
        NetworkBuffers buffers = workspace.plain;
        int count = to - from;
        for (int n = 0; n < count; n++) {
            System.arraycopy(inputs, (from + n) * width, buffers.input[n], 0, width);
        }
        network.forward(buffers, 0, count, workspace.scratch);
        if (values != null) {
            for (int n = 0; n < count; n++) {
                values[from + n] = buffers.output()[n][0];
            }
        }
    }

    /** Scores of rows from .. to-1, from row 0 of buffers that the workspace's next use overwrites. */
    private float[][] scores(Workspace workspace, float[] inputs, int from, int to, float @Nullable [] values) {
        forward(workspace, inputs, from, to, values);
        NetworkBuffers buffers = workspace.plain;
        if (!energy) {
            return buffers.output();
        }
        int count = to - from;
        for (int n = 0; n < count; n++) {
            buffers.outputAdjoint()[n][0] = 1f;
        }
        network.reverse(buffers, 0, count, workspace.scratch);
        return buffers.inputAdjoint;
    }

    /**
     * J v is the tangent stream of a score network's output. For an energy it is H v, the gradient of v.grad f: the adjoint of
     * the input's value stream when the output's tangent stream is seeded with one.
     */
    private void jvp(Workspace workspace, float[] inputs, float[] directions, int from, int to, float[] products) {
        NetworkBuffers buffers = workspace.tangent;
        int count = to - from;
        for (int n = 0; n < count; n++) {
            System.arraycopy(inputs, (from + n) * width, buffers.input[2 * n], 0, width);
            System.arraycopy(directions, (from + n) * dimension, buffers.input[2 * n + 1], 0, dimension);
        }
        network.forward(buffers, 0, count, workspace.scratch);
        if (energy) {
            for (int n = 0; n < count; n++) {
                buffers.outputAdjoint()[2 * n][0] = 0f;
                buffers.outputAdjoint()[2 * n + 1][0] = 1f;
            }
            network.reverse(buffers, 0, count, workspace.scratch);
        }
        for (int n = 0; n < count; n++) {
            float[] product = energy ? buffers.inputAdjoint[2 * n] : buffers.output()[2 * n + 1];
            System.arraycopy(product, 0, products, (from + n) * dimension, dimension);
        }
    }

    @Override
    public void close() {
        closed = true;
        idle.clear();
    }

    /** Buffers that one call at a time uses. */
    final class Workspace {
        private final Reverse reverse = energy ? Reverse.INPUT : Reverse.NONE;
        final NetworkBuffers plain = network.buffers(JetShape.VALUE, CHUNK, reverse);
        final NetworkBuffers tangent = network.buffers(new JetShape(1, 0), CHUNK, reverse);
        final float[] noise = new float[dimension];
        final Scratch scratch = kernels.scratch(
                network.widest(),
                Math.max(2 * CHUNK, TRACED * Exact.shape(dimension, true).streams()));
        private @Nullable NetworkBuffers jets;

        /** For traces, which few scorers are asked for. */
        NetworkBuffers jets() {
            if (jets == null) {
                jets = network.buffers(Exact.shape(dimension, energy), TRACED, Reverse.NONE);
            }
            return jets;
        }
    }
}
