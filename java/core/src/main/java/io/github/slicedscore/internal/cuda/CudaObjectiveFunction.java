package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.cuda.CudaOutOfMemoryException;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An objective at given inputs and slices, in chunks of rows so that the device's memory does not grow with their number. */
final class CudaObjectiveFunction implements ObjectiveFunction {
    private static final int LARGEST_CHUNK = 1024;

    /** Floats of a layer's jets in a chunk: 64 MiB. */
    private static final long JETS = 1 << 24;

    private final CudaDevice device;
    private final NativeHandle<CudaLibrary.ObjectiveHandle> handle;
    private final Architecture architecture;
    private final Objective objective;
    private int chunk;

    CudaObjectiveFunction(CudaDevice device, Architecture architecture, Objective objective) {
        this.device = device;
        this.architecture = architecture;
        this.objective = objective;
        int widest =
                Arrays.stream(NativeStructs.mlp(architecture).widths()).max().orElseThrow();
        long streams =
                1L + (objective instanceof ExactScoreMatching ? architecture.dimension() : objective.directions());
        chunk = (int) Math.max(1, Math.min(LARGEST_CHUNK, JETS / (streams * widest)));
        handle = device.own("objective function", openWhatFits(), CudaLibrary::ss_objective_close);
    }

    private CudaLibrary.ObjectiveHandle openWhatFits() {
        while (true) {
            CudaLibrary.ObjectiveHandle opened = new CudaLibrary.ObjectiveHandle();
            try {
                device.check(CudaLibrary.ss_objective_open(
                        device.number,
                        NativeStructs.network(architecture),
                        NativeStructs.objective(device, objective),
                        chunk,
                        opened));
                return opened;
            } catch (CudaOutOfMemoryException e) {
                if (chunk == 1) {
                    throw e;
                }
                chunk /= 2;
            }
        }
    }

    @Override
    public Evaluation evaluate(Parameters parameters, float[] inputs, float[] slices) {
        float[] gradient = new float[parameters.size()];
        double[] losses = evaluate(parameters, inputs, slices, gradient);
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return new Evaluation(losses, sum / losses.length, gradient);
    }

    @Override
    public double[] losses(Parameters parameters, float[] inputs, float[] slices) {
        return evaluate(parameters, inputs, slices, null);
    }

    private double[] evaluate(Parameters parameters, float[] inputs, float[] slices, float @Nullable [] gradient) {
        int rows = ObjectiveFunction.requireRows(architecture, objective, parameters, inputs, slices);
        int width = architecture.inputs();
        float[] values = parameters.toArray();
        double[] losses = new double[rows];
        float[] part = gradient == null ? null : new float[gradient.length];
        CudaLibrary.ObjectiveHandle function = handle.acquire();
        try {
            device.requireAlive();
            for (int from = 0; from < rows; from += chunk) {
                int count = Math.min(chunk, rows - from);
                double[] some = new double[count];
                device.check(CudaLibrary.ss_objective_evaluate(
                        function,
                        values,
                        Arrays.copyOfRange(inputs, from * width, (from + count) * width),
                        slicesOf(slices, rows, from, count),
                        count,
                        some,
                        part));
                System.arraycopy(some, 0, losses, from, count);
                if (gradient != null && part != null) {
                    addMean(gradient, part, (double) count / rows);
                }
            }
        } finally {
            handle.release();
        }
        return losses;
    }

    /** The slices of some rows, [M, count, D], out of those of all, [M, rows, D]. */
    private float[] slicesOf(float[] slices, int rows, int from, int count) {
        int dimension = architecture.dimension();
        int length = count * dimension;
        float[] some = new float[objective.directions() * length];
        for (int m = 0; m < objective.directions(); m++) {
            System.arraycopy(slices, (m * rows + from) * dimension, some, m * length, length);
        }
        return some;
    }

    private static void addMean(float[] gradient, float[] part, double weight) {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += (float) (weight * part[i]);
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
