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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Training on the processor. A step is two phases: samples forward and backward; gradients of the parameters, each used for
 * the update while it is at hand. The norm must be known before the update where gradients are clipped, and where the first
 * phase cannot tell that they are finite, since nothing that is not finite may reach the parameters: then the update is a third
 * phase.
 */
final class CpuTrainingRun implements TrainingRun {
    /** A longer gradient counts as infinite: its square would make Adam's second moment so, in single precision, for good. */
    private static final double LARGEST_NORM = 1e18;

    private final Kernels kernels;
    private final TrainingSpec spec;
    private final TrainingRows rows;
    private final WorkerPool pool;
    private final Weights weights;
    private final BatchGradient batch;
    /** By worker, as each remembers its epoch. */
    private final BatchOrder[] orders;

    private final @Nullable NoiseLevels levels;
    private final AdamUpdate adam;
    private final float[][] first;
    private final float[][] second;
    private final float[][] average;
    private final List<Weights.Chunk> chunks;
    private final double[] squares;
    private final BatchGradient.Sink norm = this::sumSquares;
    private final BatchGradient.Sink normAndUpdate = (chunk, gradient, shift) -> {
        sumSquares(chunk, gradient, shift);
        update(chunk, gradient, shift);
    };
    private final WorkerPool.Phase normPhase;
    private final WorkerPool.Phase updatePhase;
    private long step;
    private int offset;
    private boolean closed;

    CpuTrainingRun(Kernels kernels, WorkerPool pool, TrainingSpec spec, TrainingRows rows, TrainingState start) {
        this.kernels = kernels;
        this.spec = spec;
        this.rows = rows;
        this.pool = pool;
        Network network = Network.of(kernels, spec.architecture());
        weights = network.weights;
        batch = BatchGradient.of(kernels, pool, network, spec.objective(), spec.batch(), this::fill);
        orders = new BatchOrder[pool.threads()];
        Arrays.setAll(orders, worker -> new BatchOrder(spec.seed(), rows.rows()));
        levels = spec.objective().noiseLevels().orElse(null);
        adam = new AdamUpdate(spec.optimizer(), spec.averageDecay());
        first = weights.newPieces();
        second = weights.newPieces();
        average = weights.newPieces();
        chunks = weights.chunks();
        squares = new double[chunks.size()];
        normPhase = (chunk, worker) -> sumSquares(chunk, batch.gradients(), 0);
        updatePhase = (chunk, worker) -> update(chunk, batch.gradients(), 0);
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
            result = stepOnce();
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
        offset = from;
        batch.gradient(to - from);
        return new Gradient(weights.flatten(batch.gradients()), batch.lossSum(to - from), to - from);
    }

    @Override
    public StepResult apply(Gradient gradient) {
        requireOpen();
        if (gradient.sum().length != weights.size() || gradient.rows() < 1) {
            throw new IllegalArgumentException("a gradient of " + gradient.sum().length + " numbers over "
                    + gradient.rows() + " rows does not fit a network of " + weights.size() + " parameters");
        }
        weights.unflatten(gradient.sum(), batch.gradients());
        pool.run(normPhase, chunks.size());
        return updateAll(gradient.lossSum() / gradient.rows(), gradient.rows());
    }

    private StepResult stepOnce() {
        int count = spec.batch();
        offset = 0;
        double bound = batch.samples(count);
        double loss = batch.lossSum(count) / count;
        boolean finite = Double.isFinite(loss) && bound / count < LARGEST_NORM;
        if (finite && spec.clipNorm() == 0) {
            adam.prepare(step, spec.schedule().rate(step), 1.0 / count);
            batch.gradients(normAndUpdate, false);
            step++;
            return new StepResult(step, loss, norm(count));
        }
        batch.gradients(norm, true);
        return updateAll(loss, count);
    }

    private void fill(ObjectivePass pass, int sample, int index, Scratch scratch, int worker) {
        int position = offset + index;
        int row = orders[worker].row(step, spec.batch(), position);
        Objective objective = spec.objective();
        float[] input = pass.input(sample);
        rows.copy(scratch.philox, spec.seed(), step, position, row, input);
        if (levels != null) {
            levels.draw(scratch.philox, spec.seed(), position, step, input);
        }
        for (int k = 0; k < objective.directions(); k++) {
            objective.draw(scratch.philox, spec.seed(), position, k, step, pass.direction(sample, k), rows.dimension());
        }
    }

    /** Updates all parameters by gradients that are kept, unless these or the loss are not finite. */
    private StepResult updateAll(double loss, int count) {
        double norm = norm(count);
        double clip = spec.clipNorm() > 0 && norm > spec.clipNorm() ? spec.clipNorm() / norm : 1;
        if (norm * clip > LARGEST_NORM) {
            norm = Double.POSITIVE_INFINITY;
        }
        if (!Double.isFinite(norm) || !Double.isFinite(loss)) {
            return new StepResult(step, loss, norm);
        }
        adam.prepare(step, spec.schedule().rate(step), clip / count);
        pool.run(updatePhase, chunks.size());
        step++;
        return new StepResult(step, loss, norm);
    }

    /** The norm of the mean gradient, after the chunks' squares. */
    private double norm(int count) {
        double square = 0;
        for (double part : squares) {
            square += part;
        }
        return Math.sqrt(square) / count;
    }

    private void sumSquares(int chunk, float[][] gradient, int shift) {
        squares[chunk] = batch.sumSquares(chunks.get(chunk), gradient, shift);
    }

    private void update(int chunk, float[][] gradient, int shift) {
        Weights.Chunk pieces = chunks.get(chunk);
        for (int i = pieces.from(); i < pieces.to(); i++) {
            kernels.adam(adam, weights.pieces()[i], gradient[i - shift], first[i], second[i], average[i]);
        }
        weights.refresh(pieces);
    }

    @Override
    public Parameters parameters() {
        requireOpen();
        return Parameters.of(
                spec.architecture(), weights.flatten(spec.averageDecay() > 0 ? average : weights.pieces()));
    }

    @Override
    public TrainingState state() {
        requireOpen();
        float[] parameters = weights.flatten(weights.pieces());
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
