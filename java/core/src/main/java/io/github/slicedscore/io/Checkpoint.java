package io.github.slicedscore.io;

import io.github.slicedscore.math.Philox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a training stands: with the same data, settings and kernels it continues bit for bit from here. Arrays are not
 * copied.
 *
 * @param settings name and text of what decides the numbers of the run; a run with others does not continue it
 * @param kernels the kernel set that computed it; of a run that was resumed with others all of them, in turn
 * @param randomLayout {@link Philox#LAYOUT} of the run
 * @param step updates done
 * @param parameters flat, in layout order
 * @param firstMoment the optimizer's first moments, in the same order
 * @param secondMoment its second moments
 * @param average moving average of the parameters
 * @param bestParameters the best parameters so far; empty before the first validation
 * @param bestStep their step
 * @param bestLoss their loss, NaN if there is none
 * @param series named series of numbers, NaN allowed: the history of losses, sums since its last point
 */
public record Checkpoint(
        Map<String, String> settings,
        String kernels,
        int randomLayout,
        long step,
        float[] parameters,
        float[] firstMoment,
        float[] secondMoment,
        float[] average,
        float[] bestParameters,
        long bestStep,
        double bestLoss,
        Map<String, double[]> series) {
    private static final String FORMAT = "slicedscore.checkpoint";

    /** The second one has a checksum. */
    private static final int FORMAT_VERSION = 2;

    private static final String SETTING = "setting.";
    private static final String SERIES = "series.";

    /** Copies the maps, and checks that the lengths agree. */
    public Checkpoint {
        settings = Map.copyOf(settings);
        series = Map.copyOf(series);
        int size = parameters.length;
        if (firstMoment.length != size
                || secondMoment.length != size
                || average.length != size
                || (bestParameters.length != size && bestParameters.length != 0)) {
            throw new IllegalArgumentException("the arrays of a checkpoint have one length, not " + size + ", "
                    + firstMoment.length + ", " + secondMoment.length + ", " + average.length + ", "
                    + bestParameters.length);
        }
        if (step < 0) {
            throw new IllegalArgumentException("the step of a checkpoint is not negative: " + step);
        }
    }

    /**
     * The same with another series.
     *
     * @param name of the series
     * @param values its numbers
     * @return a new checkpoint
     */
    public Checkpoint withSeries(String name, double[] values) {
        Map<String, double[]> more = new HashMap<>(series);
        more.put(name, values);
        return new Checkpoint(
                settings,
                kernels,
                randomLayout,
                step,
                parameters,
                firstMoment,
                secondMoment,
                average,
                bestParameters,
                bestStep,
                bestLoss,
                more);
    }

    /**
     * Writes or replaces a checkpoint: all of it, or nothing.
     *
     * @param file where to
     * @throws IOException naming the file, if it cannot be written
     * @throws IllegalArgumentException naming the array, if a number that is not allowed to be is NaN or infinite
     */
    public void write(Path file) throws IOException {
        Map<String, String> metadata = new HashMap<>();
        Fields.mark(metadata, FORMAT, FORMAT_VERSION);
        metadata.put("kernels", kernels);
        metadata.put("random_layout", Integer.toString(randomLayout));
        metadata.put("step", Long.toString(step));
        metadata.put("best_step", Long.toString(bestStep));
        metadata.put("best_loss", Double.toString(bestLoss));
        Fields.putPrefixed(metadata, SETTING, settings);
        Map<String, Tensor> tensors = new HashMap<>();
        Fields.putFinite(tensors, "parameters", Tensor.of(parameters, parameters.length));
        Fields.putFinite(tensors, "first_moment", Tensor.of(firstMoment, firstMoment.length));
        Fields.putFinite(tensors, "second_moment", Tensor.of(secondMoment, secondMoment.length));
        Fields.putFinite(tensors, "average", Tensor.of(average, average.length));
        Fields.putFinite(tensors, "best", Tensor.of(bestParameters, bestParameters.length));
        series.forEach((name, values) -> tensors.put(SERIES + name, Tensor.of(values, values.length)));
        Fields.sealed(metadata, tensors).write(file);
    }

    /**
     * Reads a checkpoint. The checksum in the file finds any bit that is not as it was written.
     *
     * @param file the file
     * @return the checkpoint
     * @throws MalformedFileException if it is not a checkpoint, is newer than this release, or is damaged
     * @throws IOException if it cannot be read
     */
    public static Checkpoint read(Path file) throws IOException {
        Fields fields = Fields.read(file, FORMAT, FORMAT_VERSION, "a training that keeps checkpoints");
        if (fields.version() > 1) {
            fields.verify();
        }
        Map<String, double[]> series = new HashMap<>();
        for (String name : fields.tensors().keySet()) {
            if (name.startsWith(SERIES)) {
                series.put(
                        name.substring(SERIES.length()),
                        fields.tensor(name, DType.F64).doubles());
            }
        }
        try {
            return new Checkpoint(
                    fields.prefixed(SETTING),
                    fields.text("kernels"),
                    fields.count("random_layout"),
                    fields.integer("step"),
                    fields.finite("parameters", DType.F32).floats(),
                    fields.finite("first_moment", DType.F32).floats(),
                    fields.finite("second_moment", DType.F32).floats(),
                    fields.finite("average", DType.F32).floats(),
                    fields.finite("best", DType.F32).floats(),
                    fields.integer("best_step"),
                    fields.number("best_loss"),
                    series);
        } catch (IllegalArgumentException e) {
            throw fields.fault(String.valueOf(e.getMessage()));
        }
    }
}
