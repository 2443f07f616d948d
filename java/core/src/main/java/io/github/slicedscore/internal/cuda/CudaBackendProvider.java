package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.BackendUnavailableException;

/** Offers a CUDA device, or says what the machine lacks. */
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
    public BackendStatus status(BackendOptions options) {
        CudaProbe.Result found = CudaProbe.probe(options.device());
        return found.usable()
                ? new BackendStatus.Available(CudaBackend.describe(options.device(), found.deviceName()), "")
                : unavailable(found);
    }

    private static BackendStatus.Unavailable unavailable(CudaProbe.Result found) {
        return new BackendStatus.Unavailable(found.reason(), found.remedy(), found.hardware());
    }

    @Override
    public Backend open(BackendOptions options) {
        CudaProbe.Result found = CudaProbe.probe(options.device());
        if (!found.usable()) {
            throw new BackendUnavailableException(NAME, unavailable(found));
        }
        return new CudaBackend(new CudaDevice(options.device(), found.deviceName()));
    }
}
