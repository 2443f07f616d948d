package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;

/** Offers the processor, which always works. */
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
        return new BackendStatus.Available(
                describe(new PlainKernels(), CpuBackend.threads(options)),
                "plain Java kernels are the only ones so far; kernels on the Vector API are yet to come");
    }

    @Override
    public Backend open(BackendOptions options) {
        return new CpuBackend(options);
    }

    static String identify(Kernels kernels) {
        return NAME + "-" + kernels.name();
    }

    static String describe(Kernels kernels, int threads) {
        return kernels.name() + " Java kernels, " + threads + (threads == 1 ? " thread" : " threads");
    }
}
