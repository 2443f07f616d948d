package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.StepResults;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.cuda.CudaException;
import io.github.slicedscore.cuda.DeviceTrainingRun;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Training on a device. */
final class CudaTrainingRun implements DeviceTrainingRun {
    /** Steps that one native call does; the device works them off without the host. */
    private static final int STEPS_AT_ONCE = 256;

    private final CudaDevice device;
    private final NativeHandle<CudaLibrary.RunHandle> handle;
    private final TrainingSpec spec;
    private final int size;
    private final String kernels;
    private final double[] rates = new double[STEPS_AT_ONCE];
    private final CudaLibrary.StepResults results = new CudaLibrary.StepResults(STEPS_AT_ONCE);
    private final long[] done = new long[1];
    private long step;
    private @Nullable String lost;

    CudaTrainingRun(CudaDevice device, TrainingSpec spec, TrainingRows rows, TrainingState start, int residence) {
        this.device = device;
        this.spec = spec;
        size = ParameterLayout.of(spec.architecture()).size();
        step = start.step();
        CudaLibrary.RunHandle run = new CudaLibrary.RunHandle();
        device.check(CudaLibrary.ss_run_open(
                device.number,
                NativeStructs.network(spec.architecture()),
                NativeStructs.training(device, spec, rows, residence),
                rows.values(),
                rows.rows(),
                rows.augmentation().halfWidths(),
                run));
        handle = device.own("training run", run, CudaLibrary::ss_run_close);
        try {
            handle.acquire(); // the backend may be closed from here on
            try {
                device.check(CudaLibrary.ss_run_set_state(
                        run, step, start.parameters(), start.firstMoment(), start.secondMoment(), start.average()));
                kernels = device.kernels(chosen(run));
            } finally {
                handle.release();
            }
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public String kernels() {
        return kernels;
    }

    private KernelChoice chosen(CudaLibrary.RunHandle run) {
        int[] code = new int[1];
        device.check(CudaLibrary.ss_run_kernels(run, code));
        return code[0] == CudaLibrary.SS_KERNELS_FUSED ? KernelChoice.FUSED : KernelChoice.LAYERED;
    }

    @Override
    public StepResult step(int count) {
        return result(steps(count, null));
    }

    @Override
    public void step(int count, StepResults to) {
        to.clear();
        steps(count, to);
    }

    /** Does steps, and returns where the last one's result lies. */
    private int steps(int count, @Nullable StepResults to) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one step, not " + count);
        }
        CudaLibrary.RunHandle run = acquire();
        try {
            for (int left = count; ; left -= STEPS_AT_ONCE) {
                int some = Math.min(left, STEPS_AT_ONCE);
                for (int i = 0; i < some; i++) {
                    rates[i] = spec.schedule().rate(step + i);
                }
                check(CudaLibrary.ss_run_step(run, some, rates, results, done));
                step += done[0];
                int last = (int) Math.min(done[0], some - 1);
                for (int i = 0; to != null && i <= last; i++) {
                    to.add(results.step(i), results.loss(i), results.gradientNorm(i));
                }
                if (done[0] < some || left <= some) {
                    return last;
                }
            }
        } finally {
            handle.release();
        }
    }

    @Override
    public StepResult step(@Nullable Pointer stream, Pointer batch) {
        long address = DevicePointers.address(
                "batch", batch, spec.batch(), spec.architecture().inputs());
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_step_batch(
                    run, DevicePointers.stream(stream), address, spec.schedule().rate(step), results));
            return updated();
        } finally {
            handle.release();
        }
    }

    @Override
    public Gradient gradient(int from, int to) {
        if (from < 0 || from >= to || to > spec.batch()) {
            throw new IllegalArgumentException(
                    "rows " + from + " to " + to + " are not a part of a batch of " + spec.batch());
        }
        float[] sum = new float[size];
        double[] loss = new double[1];
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_gradient(run, from, to, sum, loss));
        } finally {
            handle.release();
        }
        return new Gradient(sum, loss[0], to - from);
    }

    @Override
    public StepResult apply(Gradient gradient) {
        if (gradient.sum().length != size || gradient.rows() < 1) {
            throw new IllegalArgumentException("a gradient of " + gradient.sum().length + " numbers over "
                    + gradient.rows() + " rows does not fit a network of " + size + " parameters");
        }
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_apply(
                    run,
                    gradient.sum(),
                    gradient.lossSum(),
                    gradient.rows(),
                    spec.schedule().rate(step),
                    results));
            return updated();
        } finally {
            handle.release();
        }
    }

    private StepResult updated() {
        StepResult result = result(0);
        step = result.step();
        return result;
    }

    private StepResult result(int index) {
        return new StepResult(results.step(index), results.loss(index), results.gradientNorm(index));
    }

    @Override
    public Parameters parameters() {
        float[] values = new float[size];
        boolean averages = spec.averageDecay() > 0;
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_get_state(
                    run, null, averages ? null : values, null, null, averages ? values : null));
        } finally {
            handle.release();
        }
        return Parameters.of(spec.architecture(), values);
    }

    @Override
    public TrainingState state() {
        float[] parameters = new float[size];
        float[] first = new float[size];
        float[] second = new float[size];
        float[] average = new float[size];
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_get_state(run, null, parameters, first, second, average));
            return new TrainingState(step, parameters, first, second, average);
        } finally {
            handle.release();
        }
    }

    /** Whether the rows are on the device, or on the host and sent batch by batch. */
    boolean isResident() {
        int[] resident = new int[1];
        CudaLibrary.RunHandle run = acquire();
        try {
            check(CudaLibrary.ss_run_resident(run, resident));
        } finally {
            handle.release();
        }
        return resident[0] != 0;
    }

    private CudaLibrary.RunHandle acquire() {
        CudaLibrary.RunHandle run = handle.acquire();
        try {
            device.requireAlive();
            if (lost != null) {
                throw new IllegalStateException("the training run is lost, because a call of it failed: " + lost
                        + "; open another from a checkpoint");
            }
        } catch (RuntimeException e) {
            handle.release();
            throw e;
        }
        return run;
    }

    /** Anything but a refused argument may have happened in the middle of an update. */
    private void check(int status) {
        try {
            device.check(status);
        } catch (CudaException e) {
            lost = e.getMessage();
            throw e;
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
