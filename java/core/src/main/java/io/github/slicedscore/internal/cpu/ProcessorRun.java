package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.BatchOrder;
import io.github.slicedscore.data.TrainingRows;
import java.util.Arrays;

/** What training runs on the processor have in common: steps on one batch after another, until the run is closed. */
abstract sealed class ProcessorRun implements TrainingRun permits CpuTrainingRun, DeepKernelTrainingRun {
    final TrainingSpec spec;
    final TrainingRows rows;
    final ParameterUpdate update;

    private final Kernels kernels;
    /** By worker, as each remembers its epoch. */
    private final BatchOrder[] orders;

    private boolean closed;

    /**
     * A run.
     *
     * @param kernels what computes
     * @param pool who does
     * @param spec what to train and how
     * @param rows the training rows
     * @param weights the network's parameters, which take those of the state
     * @param start what to go on from
     */
    ProcessorRun(
            Kernels kernels,
            WorkerPool pool,
            TrainingSpec spec,
            TrainingRows rows,
            Weights weights,
            TrainingState start) {
        this.kernels = kernels;
        this.spec = spec;
        this.rows = rows;
        update = new ParameterUpdate(kernels, pool, spec, weights, start);
        orders = new BatchOrder[pool.threads()];
        Arrays.setAll(orders, worker -> new BatchOrder(spec.seed(), rows.rows()));
    }

    /** Does a step. */
    abstract StepResult stepOnce();

    /** The gradient over some rows of the batch, which are in it. */
    abstract Gradient gradientOf(int from, int to);

    /** Where {@link #gradientOf} puts gradients, as pieces. */
    abstract float[][] gradients();

    /** The row at a position of this step's batch. */
    final int row(int position, int worker) {
        return orders[worker].row(update.step(), spec.batch(), position);
    }

    @Override
    public final long step() {
        return update.step();
    }

    @Override
    public final String kernels() {
        return CpuBackendProvider.identify(kernels);
    }

    @Override
    public final StepResult step(int count) {
        requireOpen();
        if (count < 1) {
            throw new IllegalArgumentException("at least one step, not " + count);
        }
        StepResult result;
        do {
            result = stepOnce();
        } while (--count > 0 && result.isFinite());
        return result;
    }

    @Override
    public final Gradient gradient(int from, int to) {
        requireOpen();
        if (from < 0 || from >= to || to > spec.batch()) {
            throw new IllegalArgumentException(
                    "rows " + from + " to " + to + " are not a part of a batch of " + spec.batch());
        }
        return gradientOf(from, to);
    }

    @Override
    public final StepResult apply(Gradient gradient) {
        requireOpen();
        return update.apply(gradient, gradients());
    }

    @Override
    public final TrainingState state() {
        requireOpen();
        return update.state();
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the training run is closed");
        }
    }

    @Override
    public final void close() {
        closed = true;
    }
}
