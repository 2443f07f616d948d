package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import org.jspecify.annotations.Nullable;

/**
 * Training on the processor. A step is two phases: samples forward and backward; gradients of the parameters, each used for
 * the update while it is at hand. The norm must be known before the update where gradients are clipped, and where the first
 * phase cannot tell that they are finite, since nothing that is not finite may reach the parameters: then the update is a third
 * phase.
 */
final class CpuTrainingRun extends ProcessorRun {
    private final Weights weights;
    private final BatchGradient batch;
    private final @Nullable NoiseLevels levels;
    private final BatchGradient.Sink norm;
    private final BatchGradient.Sink normAndUpdate;
    private int offset;

    CpuTrainingRun(Kernels kernels, WorkerPool pool, TrainingSpec spec, TrainingRows rows, TrainingState start) {
        this(kernels, pool, spec, rows, start, Network.of(kernels, spec.architecture()));
    }

    private CpuTrainingRun(
            Kernels kernels,
            WorkerPool pool,
            TrainingSpec spec,
            TrainingRows rows,
            TrainingState start,
            Network network) {
        super(kernels, pool, spec, rows, network.weights, start);
        weights = network.weights;
        batch = BatchGradient.of(kernels, pool, network, spec.objective(), spec.batch(), this::fill);
        levels = spec.objective().noiseLevels().orElse(null);
        norm = update::sumSquares;
        normAndUpdate = (chunk, gradient, shift) -> {
            update.sumSquares(chunk, gradient, shift);
            update.update(chunk, gradient, shift);
        };
    }

    @Override
    Gradient gradientOf(int from, int to) {
        offset = from;
        batch.gradient(to - from);
        return new Gradient(weights.flatten(batch.gradients()), batch.lossSum(to - from), to - from);
    }

    @Override
    float[][] gradients() {
        return batch.gradients();
    }

    @Override
    StepResult stepOnce() {
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
        Objective objective = spec.objective();
        float[] input = pass.input(sample);
        rows.copy(scratch.philox, spec.seed(), step, position, row(position, worker), input);
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
}
