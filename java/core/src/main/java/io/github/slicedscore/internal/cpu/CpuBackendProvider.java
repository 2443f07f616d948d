package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Precision;

/** Offers the processor, which works unless a set of kernels is asked for that does not. */
public final class CpuBackendProvider implements BackendProvider {
    static final String NAME = "cpu";

    private static final BackendStatus.Unavailable FP32_ALONE = new BackendStatus.Unavailable(
            "the processor's kernels compute in fp32 alone",
            "choose that (--precision fp32), or the backend cuda on a GPU",
            false);

    /** Called by {@link java.util.ServiceLoader}. */
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public BackendStatus status(BackendOptions options) {
        if (options.precision() != Precision.FP32) {
            return FP32_ALONE;
        }
        KernelSelection selection = KernelSelection.ofThisJvm();
        if (selection instanceof KernelSelection.Refused refused) {
            return refused.status();
        }
        KernelSelection.Chosen chosen = (KernelSelection.Chosen) selection;
        return new BackendStatus.Available(describe(chosen.name(), CpuBackend.threads(options)), chosen.explanation());
    }

    @Override
    public Backend open(BackendOptions options) {
        if (options.precision() != Precision.FP32) {
            throw new BackendUnavailableException(NAME, FP32_ALONE);
        }
        return new CpuBackend(options);
    }

    static String identify(Kernels kernels) {
        return NAME + "-" + kernels.name();
    }

    static String describe(String kernels, int threads) {
        return kernels + " Java kernels, " + threads + (threads == 1 ? " thread" : " threads");
    }
}
