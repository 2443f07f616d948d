package io.github.slicedscore.train;

import io.github.slicedscore.model.Architecture;
import java.util.List;

/**
 * What a training is about to do, once the data are known.
 *
 * @param architecture the network
 * @param columns names of the modelled columns
 * @param trainingRows rows trained on
 * @param validationRows rows held out
 * @param batch rows a step
 * @param steps updates in all
 * @param firstStep updates already done, other than 0 for a resumed run
 * @param dequantized names of the columns that were found to be rounded and get uniform noise
 * @param backend what computes
 * @param kernels the kernel set of the run, as checkpoints and models have it
 */
public record TrainingPlan(
        Architecture architecture,
        List<String> columns,
        int trainingRows,
        int validationRows,
        int batch,
        long steps,
        long firstStep,
        List<String> dequantized,
        String backend,
        String kernels) {
    /** Copies the lists. */
    public TrainingPlan {
        columns = List.copyOf(columns);
        dequantized = List.copyOf(dequantized);
    }
}
