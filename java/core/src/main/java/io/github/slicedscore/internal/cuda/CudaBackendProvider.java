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
    public int devices() {
        return CudaProbe.devices();
    }

    @Override
    public BackendStatus status(BackendOptions options) {
        CudaProbe.Result found = CudaProbe.probe(options.device(), options.precision());
        KernelChoice choice = KernelChoice.ofProperty();
        return found.usable() && choice != null
                ? new BackendStatus.Available(device(options, found, choice).description(), "")
                : unavailable(found);
    }

    @Override
    public Backend open(BackendOptions options) {
        CudaProbe.Result found = CudaProbe.probe(options.device(), options.precision());
        KernelChoice choice = KernelChoice.ofProperty();
        if (!found.usable() || choice == null) {
            throw new BackendUnavailableException(NAME, unavailable(found));
        }
        return new CudaBackend(device(options, found, choice));
    }

    private static CudaDevice device(BackendOptions options, CudaProbe.Result found, KernelChoice choice) {
        return new CudaDevice(options.device(), found.deviceName(), options.precision(), found.arithmetic(), choice);
    }

    private static BackendStatus.Unavailable unavailable(CudaProbe.Result found) {
        return found.usable()
                ? new BackendStatus.Unavailable(
                        "-D" + KernelChoice.PROPERTY + "=" + KernelChoice.asked() + " names no kernels",
                        "choose one of " + KernelChoice.choices(),
                        true)
                : new BackendStatus.Unavailable(found.reason(), found.remedy(), found.hardware());
    }
}
