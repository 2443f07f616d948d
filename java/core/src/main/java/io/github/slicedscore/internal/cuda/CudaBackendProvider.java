package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.BackendUnavailableException;

/** Says why the GPU is not used: what the machine lacks or, where it lacks nothing, what this release does. */
public final class CudaBackendProvider implements BackendProvider {
    static final String NAME = "cuda";

    /** Called by {@link java.util.ServiceLoader}. */
    public CudaBackendProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public BackendStatus.Unavailable status() {
        CudaProbe.Result found = CudaProbe.probe();
        return found.usable()
                ? new BackendStatus.Unavailable(
                        found.deviceName() + " works, but the kernels of this release do not train or score models yet",
                        "use the processor until a release says that they do")
                : new BackendStatus.Unavailable(found.reason(), found.remedy());
    }

    @Override
    public Backend open(BackendOptions options) {
        throw new BackendUnavailableException(NAME, status());
    }
}
