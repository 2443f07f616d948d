package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;

/** Offers the processor, which works unless a set of kernels is asked for that does not. */
public final class CpuBackendProvider implements BackendProvider {
    static final String NAME = "cpu";

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
        KernelSelection selection = KernelSelection.ofThisJvm();
        if (selection instanceof KernelSelection.Refused refused) {
            return refused.status();
        }
        KernelSelection.Chosen chosen = (KernelSelection.Chosen) selection;
        return new BackendStatus.Available(describe(chosen.name(), CpuBackend.threads(options)), chosen.explanation());
    }

    @Override
    public Backend open(BackendOptions options) {
        return new CpuBackend(options);
    }

    static String identify(Kernels kernels) {
        return NAME + "-" + kernels.name();
    }

    static String describe(String kernels, int threads) {
        return kernels + " Java kernels, " + threads + (threads == 1 ? " thread" : " threads");
    }
}
