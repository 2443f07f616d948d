package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import java.util.List;

/**
 * The update of a run's parameters: clipping by the norm of the gradient, Adam, and the moving average. Nothing that is not finite
 * reaches the parameters.
 */
final class ParameterUpdate {
    /** A longer gradient counts as infinite: its square would make Adam's second moment so, in single precision, for good. */
    static final double LARGEST_NORM = 1e18;

    private final Kernels kernels;
    private final WorkerPool pool;
    private final TrainingSpec spec;
    private final Weights weights;
    private final List<Weights.Chunk> chunks;
    private final AdamUpdate adam;
    private final float[][] first;
    private final float[][] second;
    private final float[][] average;
    private final double[] squares;
    private final WorkerPool.Phase normPhase;
    private final WorkerPool.Phase updatePhase;
    private float[][] gradient = {};
    private long step;

    /**
     * An update of parameters, which take those of a state.
     *
     * @param kernels what computes
     * @param pool who does
     * @param spec how to update
     * @param weights the parameters
     * @param start what to go on from
     */
    ParameterUpdate(Kernels kernels, WorkerPool pool, TrainingSpec spec, Weights weights, TrainingState start) {
        this.kernels = kernels;
        this.pool = pool;
        this.spec = spec;
        this.weights = weights;
        chunks = weights.chunks();
        adam = new AdamUpdate(spec.optimizer(), spec.averageDecay());
        first = weights.newPieces();
        second = weights.newPieces();
        average = weights.newPieces();
        squares = new double[chunks.size()];
        normPhase = (chunk, worker) -> sumSquares(chunk, gradient, 0);
        updatePhase = (chunk, worker) -> update(chunk, gradient, 0);
        weights.load(start.parameters());
        weights.unflatten(start.firstMoment(), first);
        weights.unflatten(start.secondMoment(), second);
        weights.unflatten(start.average(), average);
        step = start.step();
    }

    /** Updates done so far. */
    long step() {
        return step;
    }

    /** Takes the square of a chunk's gradient up into the norm. */
    void sumSquares(int chunk, float[][] chunkGradient, int shift) {
        squares[chunk] = kernels.sumSquares(chunks.get(chunk), chunkGradient, shift, weights.pieces());
    }

    /** The norm of the mean gradient over so many rows, after the squares of all chunks. */
    double norm(int rows) {
        double square = 0;
        for (double part : squares) {
            square += part;
        }
        return Math.sqrt(square) / rows;
    }

    /** Before chunks are updated one by one: by gradient sums that are multiplied by a scale. */
    void begin(double scale) {
        adam.prepare(step, spec.schedule().rate(step), scale);
    }

    /** Updates a chunk. */
    void update(int chunk, float[][] chunkGradient, int shift) {
        Weights.Chunk pieces = chunks.get(chunk);
        for (int i = pieces.from(); i < pieces.to(); i++) {
            kernels.adam(adam, weights.pieces()[i], chunkGradient[i - shift], first[i], second[i], average[i]);
        }
        weights.refresh(pieces);
    }

    /** After all chunks. */
    void end() {
        weights.renew();
        step++;
    }

    /**
     * Updates all parameters by a gradient from outside.
     *
     * @param given sums over any number of rows
     * @param sum pieces that it is put into
     * @throws IllegalArgumentException if it is another network's
     */
    StepResult apply(Gradient given, float[][] sum) {
        if (given.sum().length != weights.size() || given.rows() < 1) {
            throw new IllegalArgumentException("a gradient of " + given.sum().length + " numbers over " + given.rows()
                    + " rows does not fit a network of " + weights.size() + " parameters");
        }
        weights.unflatten(given.sum(), sum);
        return apply(sum, given.lossSum() / given.rows(), given.rows());
    }

    /** Updates all parameters by the sum of gradients over so many rows, unless it or the loss is not finite. */
    StepResult apply(float[][] sum, double loss, int rows) {
        gradient = sum;
        pool.run(normPhase, chunks.size());
        return applyMeasured(sum, loss, rows);
    }

    /** The same after the squares of all chunks. */
    StepResult applyMeasured(float[][] sum, double loss, int rows) {
        double norm = norm(rows);
        double clip = spec.clipNorm() > 0 && norm > spec.clipNorm() ? spec.clipNorm() / norm : 1;
        if (norm * clip > LARGEST_NORM) {
            norm = Double.POSITIVE_INFINITY;
        }
        if (!Double.isFinite(norm) || !Double.isFinite(loss)) {
            return new StepResult(step, loss, norm);
        }
        begin(clip / rows);
        gradient = sum;
        pool.run(updatePhase, chunks.size());
        end();
        return new StepResult(step, loss, norm);
    }

    /** The parameters, or their moving average where the spec has one, in the public order. */
    float[] parameters() {
        return weights.flatten(spec.averageDecay() > 0 ? average : weights.pieces());
    }

    TrainingState state() {
        float[] parameters = weights.flatten(weights.pieces());
        return new TrainingState(
                step,
                parameters,
                weights.flatten(first),
                weights.flatten(second),
                spec.averageDecay() > 0 ? weights.flatten(average) : parameters.clone());
    }
}
