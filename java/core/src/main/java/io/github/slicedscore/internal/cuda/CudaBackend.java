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

/** A CUDA device with kernels in one precision. */
final class CudaBackend implements DeviceBackend {
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
        return device.description();
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
