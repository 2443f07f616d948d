package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.concurrent.atomic.AtomicBoolean;

/** The processor: a kernel set and a pool of worker threads. */
final class CpuBackend implements Backend {
    /** Under this name whatever chooses what computes logs. */
    private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private final Kernels kernels;
    private final WorkerPool pool;

    CpuBackend(BackendOptions options) {
        KernelSelection.Chosen selection = KernelSelection.chosen();
        if (LOGGED.compareAndSet(false, true)) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "backend {0} takes the kernel set {1}: {2}",
                    CpuBackendProvider.NAME,
                    selection.name(),
                    selection.explanation());
        }
        kernels = selection.kernels();
        pool = new WorkerPool(threads(options));
    }

    static int threads(BackendOptions options) {
        return options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    }

    @Override
    public String name() {
        return CpuBackendProvider.NAME;
    }

    @Override
    public String description() {
        return CpuBackendProvider.describe(kernels.name(), pool.threads());
    }

    @Override
    public String kernels() {
        return CpuBackendProvider.identify(kernels);
    }

    @Override
    public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
        spec.requireFits(rows, start);
        return CpuMemory.openTraining(
                spec.architecture(),
                spec.objective(),
                spec.batch(),
                () -> spec.architecture() instanceof DeepKernelEnergy energy
                        ? new DeepKernelTrainingRun(kernels, pool, energy, spec, rows, start)
                        : new CpuTrainingRun(kernels, pool, spec, rows, start));
    }

    @Override
    public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
        int rows = CpuMemory.rows(architecture, objective);
        return CpuMemory.open(
                architecture,
                objective,
                rows,
                () -> new CpuObjectiveFunction(kernels, pool, architecture, objective, rows));
    }

    @Override
    public Scorer openScorer(Architecture architecture, Parameters parameters) {
        return CpuScorer.of(kernels, pool, architecture, parameters);
    }

    @Override
    public void close() {
        pool.close();
    }
}
