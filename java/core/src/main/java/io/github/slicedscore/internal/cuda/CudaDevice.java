package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.cuda.CudaFatalException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** A device as one backend uses it: what is open on it, and the error, if any, that ended all work there. */
final class CudaDevice implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(CudaDevice.class.getName());

    final int number;
    final String name;
    final Precision precision;
    final KernelChoice choice;

    /** What computes the products, as ss_device_arithmetic has it. */
    private final String arithmetic;

    /** Weak, so that what the program has lost can be found out and freed before the backend is closed. */
    private final Set<NativeHandle<?>> open = Collections.newSetFromMap(new WeakHashMap<>());

    private volatile @Nullable String fatal;
    private @Nullable Backend processor;
    private boolean closed;

    CudaDevice(int number, String name, Precision precision, String arithmetic, KernelChoice choice) {
        this.number = number;
        this.name = name;
        this.precision = precision;
        this.arithmetic = arithmetic;
        this.choice = choice;
    }

    /** For example: fp32 (tf32x3 on tensor cores) CUDA kernels, NVIDIA H100 80GB HBM3, device 0, 79.1 GiB. */
    String description() {
        long[] free = new long[1];
        long[] total = new long[1];
        boolean known = CudaLibrary.ss_memory(number, free, total) == CudaLibrary.SS_OK;
        String id = precision.id();
        String how =
                switch (arithmetic) {
                    case "ffma" -> id;
                    case "tf32x3" -> id + " (tf32x3 on tensor cores)";
                    default -> id + " (on tensor cores)";
                };
        return (choice == KernelChoice.AUTO ? "" : choice.id() + " ") + how + " CUDA kernels, " + name + ", device "
                + number + (known ? String.format(Locale.ROOT, ", %.1f GiB", total[0] / 0x1p30) : "");
    }

    /**
     * Passes a successful status and throws for any other; an error for good is remembered.
     *
     * @param status what a function of {@link CudaLibrary} returned to this thread just now
     */
    void check(int status) {
        try {
            CudaStatus.check(status);
        } catch (CudaFatalException e) {
            fatal = e.getMessage();
            throw e;
        }
    }

    /** Throws what ended all work, if anything did. */
    void requireAlive() {
        String reason = fatal;
        if (reason != null) {
            throw new CudaFatalException("CUDA can't be used in this process any more, because of an earlier error: "
                    + reason + "; start a new process");
        }
    }

    /** The kernel set, with the device's model; which kind of kernels is left to each network, unless one was asked for. */
    String kernels() {
        return kernels(choice);
    }

    /** That of a network for which the choice has fallen: a run repeats bit for bit on that alone. */
    String kernels(KernelChoice chosen) {
        String model = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-");
        return CudaBackendProvider.NAME + "-" + precision.id()
                + (chosen == KernelChoice.AUTO ? "" : "-" + chosen.id())
                + "-" + model.replaceAll("^-|-$", "");
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the backend is closed");
        }
    }

    /**
     * Takes possession of something native for as long as this is open.
     *
     * @param what what it is, for messages
     * @param pointer what the native library gave out
     * @param free what gives it back
     * @throws IllegalStateException if this was closed meanwhile; the pointer is given back
     */
    <P extends Pointer> NativeHandle<P> own(String what, P pointer, NativeHandle.Free<P> free) {
        NativeHandle<P> handle = new NativeHandle<>(what, pointer, free);
        synchronized (this) {
            if (!closed) {
                open.add(handle);
                return handle;
            }
        }
        handle.close();
        throw new IllegalStateException("the backend is closed");
    }

    /**
     * What scorers go on with after an error for good; the first to ask logs a warning.
     *
     * @param error what happened
     * @return a backend of the processor's, closed with this
     */
    synchronized Backend processor(CudaFatalException error) {
        requireOpen();
        if (processor == null) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} failed for good, scorers go on with the processor, in fp32: {1}",
                    name,
                    error.getMessage());
            processor = Backends.open("cpu", new BackendOptions());
        }
        return processor;
    }

    /** Closes all that is open, after the calls under way. Idempotent. */
    @Override
    public void close() {
        List<NativeHandle<?>> handles;
        synchronized (this) {
            closed = true;
            handles = List.copyOf(open);
            open.clear();
            if (processor != null) {
                processor.close();
            }
        }
        handles.forEach(NativeHandle::close);
    }
}
