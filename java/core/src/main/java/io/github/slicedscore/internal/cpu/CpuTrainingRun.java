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
import org.jspecify.annotations.Nullable;

/**
 * Training on the processor. A step is two phases: samples forward and backward; gradients of the parameters, each used for
 * the update while it is at hand. The norm must be known before the update where gradients are clipped, and where the first
 * phase cannot tell that they are finite, since nothing that is not finite may reach the parameters: then the update is a third
 * phase.
 */
final class CpuTrainingRun implements TrainingRun {
    private final Kernels kernels;
    private final TrainingSpec spec;
    private final TrainingRows rows;
    private final Weights weights;
    private final BatchGradient batch;
    /** By worker, as each remembers its epoch. */
    private final BatchOrder[] orders;

    private final @Nullable NoiseLevels levels;
    private final ParameterUpdate update;
    private final BatchGradient.Sink norm;
    private final BatchGradient.Sink normAndUpdate;
    private int offset;
    private boolean closed;

    CpuTrainingRun(Kernels kernels, WorkerPool pool, TrainingSpec spec, TrainingRows rows, TrainingState start) {
        this.kernels = kernels;
        this.spec = spec;
        this.rows = rows;
        Network network = Network.of(kernels, spec.architecture());
        weights = network.weights;
        batch = BatchGradient.of(kernels, pool, network, spec.objective(), spec.batch(), this::fill);
        orders = new BatchOrder[pool.threads()];
        Arrays.setAll(orders, worker -> new BatchOrder(spec.seed(), rows.rows()));
        levels = spec.objective().noiseLevels().orElse(null);
        update = new ParameterUpdate(kernels, pool, spec, weights, start);
        norm = update::sumSquares;
        normAndUpdate = (chunk, gradient, shift) -> {
            update.sumSquares(chunk, gradient, shift);
            update.update(chunk, gradient, shift);
        };
    }

    @Override
    public long step() {
        return update.step();
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
        return update.apply(gradient, batch.gradients());
    }

    private StepResult stepOnce() {
        int count = spec.batch();
        offset = 0;
        double bound = batch.samples(count);
        double loss = batch.lossSum(count) / count;
        boolean finite = Double.isFinite(loss) && bound / count < ParameterUpdate.LARGEST_NORM;
        if (finite && spec.clipNorm() == 0) {
            update.begin(1.0 / count);
            batch.gradients(normAndUpdate, false);
            update.end();
            return new StepResult(update.step(), loss, update.norm(count));
        }
        batch.gradients(norm, true);
        return update.applyMeasured(batch.gradients(), loss, count);
    }

    private void fill(ObjectivePass pass, int sample, int index, Scratch scratch, int worker) {
        int position = offset + index;
        long step = update.step();
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

    @Override
    public Parameters parameters() {
        requireOpen();
        return Parameters.of(spec.architecture(), update.parameters());
    }

    @Override
    public TrainingState state() {
        requireOpen();
        return update.state();
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
