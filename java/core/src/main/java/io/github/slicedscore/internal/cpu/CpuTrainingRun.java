package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.BatchOrder;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import org.jspecify.annotations.Nullable;

/**
 * Training on the processor. A step is three phases: samples forward and backward; gradients of the parameters with their
 * squared norms; update of the parameters. The norm stands between the last two because nothing that is not finite may
 * reach the parameters, and clipping needs it.
 */
final class CpuTrainingRun implements TrainingRun {
    /** A longer gradient counts as infinite: its square would make Adam's second moment so, in single precision, for good. */
    private static final double LARGEST_NORM = 1e18;

    private final Kernels kernels;
    private final TrainingSpec spec;
    private final TrainingRows rows;
    private final WorkerPool pool;
    private final MlpWeights weights;
    private final BatchGradient batch;
    private final BatchOrder order;
    private final int[] batchRows;
    private final @Nullable NoiseLevels levels;
    private final AdamUpdate adam;
    private final float[][][] first;
    private final float[][][] second;
    private final float[][][] average;
    private final double[] squares;
    private final WorkerPool.Phase normPhase = this::sumSquares;
    private final WorkerPool.Phase updatePhase = this::update;
    private long step;
    private int offset;
    private boolean closed;

    CpuTrainingRun(Kernels kernels, WorkerPool pool, TrainingSpec spec, TrainingRows rows, TrainingState start) {
        this.kernels = kernels;
        this.spec = spec;
        this.rows = rows;
        this.pool = pool;
        ObjectivePass pass = ObjectivePass.of(kernels, spec.architecture(), spec.objective(), spec.batch());
        weights = pass.network.weights;
        batch = new BatchGradient(pool, pass, spec.batch(), this::fill);
        order = new BatchOrder(spec.seed(), rows.rows());
        batchRows = new int[spec.batch()];
        levels = spec.objective().noiseLevels().orElse(null);
        adam = new AdamUpdate(spec.optimizer(), spec.averageDecay());
        first = weights.newRows();
        second = weights.newRows();
        average = weights.newRows();
        squares = new double[batch.chunks().size()];
        weights.load(start.parameters());
        weights.unflatten(start.firstMoment(), first);
        weights.unflatten(start.secondMoment(), second);
        weights.unflatten(start.average(), average);
        step = start.step();
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public String kernels() {
        return CpuBackendProvider.identify(kernels);
    }

    @Override
    public StepResult step(int count) {
        requireOpen();
        if (count < 1) {
            throw new IllegalArgumentException("at least one step, not " + count);
        }
        StepResult result;
        do {
            double loss = accumulate(0, spec.batch());
            result = update(loss, spec.batch());
        } while (--count > 0 && result.isFinite());
        return result;
    }

    @Override
    public Gradient gradient(int from, int to) {
        requireOpen();
        if (from < 0 || from >= to || to > spec.batch()) {
            throw new IllegalArgumentException(
                    "rows " + from + " to " + to + " are not a part of a batch of " + spec.batch());
        }
        double loss = accumulate(from, to);
        return new Gradient(weights.flatten(batch.gradients()), loss, to - from);
    }

    @Override
    public StepResult apply(Gradient gradient) {
        requireOpen();
        if (gradient.sum().length != weights.size() || gradient.rows() < 1) {
            throw new IllegalArgumentException("a gradient of " + gradient.sum().length + " numbers over "
                    + gradient.rows() + " rows does not fit a network of " + weights.size() + " parameters");
        }
        weights.unflatten(gradient.sum(), batch.gradients());
        return update(gradient.lossSum(), gradient.rows());
    }

    /** Loss sum of rows from .. to-1 of the current batch; their gradient sum is left in {@link #batch}. */
    private double accumulate(int from, int to) {
        offset = from;
        for (int i = from; i < to; i++) {
            batchRows[i - from] = order.row(step, spec.batch(), i);
        }
        batch.gradient(to - from);
        double sum = 0;
        for (int i = 0; i < to - from; i++) {
            sum += batch.losses()[i];
        }
        return sum;
    }

    private void fill(ObjectivePass pass, int sample, Scratch scratch) {
        int position = offset + sample;
        Objective objective = spec.objective();
        float[] input = pass.input(sample);
        rows.copy(scratch.philox, spec.seed(), step, position, batchRows[sample], input);
        if (levels != null) {
            levels.draw(scratch.philox, spec.seed(), position, step, input);
        }
        for (int k = 0; k < objective.directions(); k++) {
            objective.draw(scratch.philox, spec.seed(), position, k, step, pass.direction(sample, k), rows.dimension());
        }
    }

    private StepResult update(double lossSum, int count) {
        pool.run(normPhase, squares.length);
        double square = 0;
        for (double part : squares) {
            square += part;
        }
        double norm = Math.sqrt(square) / count;
        double loss = lossSum / count;
        double clip = spec.clipNorm() > 0 && norm > spec.clipNorm() ? spec.clipNorm() / norm : 1;
        if (norm * clip > LARGEST_NORM) {
            norm = Double.POSITIVE_INFINITY;
        }
        if (!Double.isFinite(norm) || !Double.isFinite(loss)) {
            return new StepResult(step, loss, norm);
        }
        adam.prepare(step, spec.schedule().rate(step), clip / count);
        pool.run(updatePhase, squares.length);
        step++;
        return new StepResult(step, loss, norm);
    }

    private void sumSquares(int task, int worker) {
        BatchGradient.Chunk chunk = batch.chunks().get(task);
        double sum = 0;
        for (int k = chunk.from(); k < chunk.to(); k++) {
            for (float g : batch.gradients()[chunk.layer()][k]) {
                sum += (double) g * g;
            }
        }
        squares[task] = sum;
    }

    private void update(int task, int worker) {
        BatchGradient.Chunk chunk = batch.chunks().get(task);
        int layer = chunk.layer();
        for (int k = chunk.from(); k < chunk.to(); k++) {
            adam.apply(
                    weights.rows[layer][k],
                    batch.gradients()[layer][k],
                    first[layer][k],
                    second[layer][k],
                    average[layer][k]);
        }
        weights.transpose(layer, chunk.from(), Math.min(chunk.to(), weights.widths[layer]));
    }

    @Override
    public Parameters parameters() {
        requireOpen();
        return Parameters.of(spec.architecture(), weights.flatten(spec.averageDecay() > 0 ? average : weights.rows));
    }

    @Override
    public TrainingState state() {
        requireOpen();
        float[] parameters = weights.flatten(weights.rows);
        return new TrainingState(
                step,
                parameters,
                weights.flatten(first),
                weights.flatten(second),
                spec.averageDecay() > 0 ? weights.flatten(average) : parameters.clone());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the training run is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
