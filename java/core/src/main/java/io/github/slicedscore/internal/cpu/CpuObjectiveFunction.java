package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;

/** An objective at given inputs and random directions, in chunks of rows so that memory does not grow with their number. */
final class CpuObjectiveFunction implements ObjectiveFunction {
    private final Architecture architecture;
    private final Objective objective;
    private final Weights weights;
    private final BatchGradient batch;
    /** Rows at once. */
    private final int chunk;

    private final float[][] total;
    private float[] inputs = {};
    private float[] directions = {};
    private int rows;
    private int chunkStart;

    CpuObjectiveFunction(Kernels kernels, WorkerPool pool, Architecture architecture, Objective objective, int chunk) {
        this.architecture = architecture;
        this.objective = objective;
        this.chunk = chunk;
        Network network = Network.of(kernels, architecture);
        this.weights = network.weights;
        this.batch = BatchGradient.of(kernels, pool, network, objective, chunk, this::fill);
        this.total = weights.newPieces();
    }

    @Override
    public Evaluation evaluate(Parameters parameters, float[] inputs, float[] directions) {
        open(parameters, inputs, directions);
        for (float[] piece : total) {
            Arrays.fill(piece, 0f);
        }
        double[] losses = new double[rows];
        for (int count, from = 0; from < rows; from += count) {
            count = Math.min(chunk, rows - from);
            chunkStart = from;
            batch.gradient(count);
            System.arraycopy(batch.losses(), 0, losses, chunkStart, count);
            for (int piece = 0; piece < total.length; piece++) {
                Weights.add(batch.gradients()[piece], total[piece]);
            }
        }
        weights.complete(total);
        float[] gradient = weights.flatten(total);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= rows;
        }
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return new Evaluation(losses, sum / rows, gradient);
    }

    @Override
    public double[] losses(Parameters parameters, float[] inputs, float[] directions) {
        open(parameters, inputs, directions);
        double[] losses = new double[rows];
        for (int count, from = 0; from < rows; from += count) {
            count = Math.min(chunk, rows - from);
            chunkStart = from;
            batch.losses(count);
            System.arraycopy(batch.losses(), 0, losses, chunkStart, count);
        }
        return losses;
    }

    private void open(Parameters parameters, float[] newInputs, float[] newDirections) {
        rows = ObjectiveFunction.requireRows(architecture, objective, parameters, newInputs, newDirections);
        weights.load(parameters.toArray());
        inputs = newInputs;
        directions = newDirections;
    }

    private void fill(ObjectivePass pass, int sample, int position, Scratch scratch, int worker) {
        int width = architecture.inputs();
        int dimension = architecture.dimension();
        int row = chunkStart + position;
        System.arraycopy(inputs, row * width, pass.input(sample), 0, width);
        for (int k = 0; k < objective.directions(); k++) {
            System.arraycopy(directions, (k * rows + row) * dimension, pass.direction(sample, k), 0, dimension);
        }
    }

    @Override
    public void close() {
        // holds memory only
    }
}
