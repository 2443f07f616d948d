package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.cuda.DeviceBackend;
import io.github.slicedscore.cuda.DeviceScorer;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.Locale;

/** A CUDA device with kernels in single precision. */
final class CudaBackend implements DeviceBackend {
    static final String PRECISION = "fp32";

    private final CudaDevice device;

    CudaBackend(CudaDevice device) {
        this.device = device;
    }

    @Override
    public String name() {
        return CudaBackendProvider.NAME;
    }

    @Override
    public String description() {
        return describe(device.number, device.name);
    }

    static String describe(int number, String name) {
        long[] free = new long[1];
        long[] total = new long[1];
        boolean known = CudaLibrary.ss_memory(number, free, total) == CudaLibrary.SS_OK;
        return PRECISION + " CUDA kernels, " + name + ", device " + number
                + (known ? String.format(Locale.ROOT, ", %.1f GiB", total[0] / 0x1p30) : "");
    }

    @Override
    public String kernels() {
        return device.kernels();
    }

    @Override
    public CudaTrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        return openTraining(spec, rows, start, CudaLibrary.SS_RESIDENCE_AUTO);
    }

    CudaTrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start, int residence) {
        spec.requireFits(rows, start);
        requireUsable();
        return new CudaTrainingRun(device, spec, rows, start, residence);
    }

    @Override
    public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
        requireUsable();
        return new CudaObjectiveFunction(device, architecture, objective);
    }

    @Override
    public DeviceScorer openScorer(Architecture architecture, Parameters parameters) {
        requireUsable();
        return new CudaScorer(device, architecture, parameters, null);
    }

    @Override
    public DeviceScorer openScorer(Architecture architecture, Parameters parameters, Standardizer units) {
        requireUsable();
        return new CudaScorer(device, architecture, parameters, units);
    }

    private void requireUsable() {
        device.requireOpen();
        device.requireAlive();
    }

    @Override
    public void close() {
        device.close();
    }
}
