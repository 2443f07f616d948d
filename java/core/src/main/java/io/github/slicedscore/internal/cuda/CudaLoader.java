package io.github.slicedscore.internal.cuda;

import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** Loads the native library, once, and remembers why it could not. */
final class CudaLoader {
    /** Set to "true", lets the library of an emulated device be used; only tests do that. */
    static final String EMULATION_PROPERTY = "slicedscore.cuda.emulated";

    private static @Nullable Failure failure;
    private static boolean loaded;

    private CudaLoader() {}

    /**
     * What went wrong.
     *
     * @param reason what is missing
     * @param remedy what would mend it
     */
    record Failure(String reason, String remedy) {}

    /** Whether tests have allowed the emulated device. */
    static boolean emulationAllowed() {
        return Boolean.getBoolean(EMULATION_PROPERTY);
    }

    /**
     * Loads the library if that has not been tried yet.
     *
     * @return null if it is loaded and fits, or what went wrong
     */
    static synchronized @Nullable Failure load() {
        if (!loaded && failure == null) {
            failure = tryLoad();
            loaded = failure == null;
        }
        return failure;
    }

    private static @Nullable Failure tryLoad() {
        try {
            Failure fault = NativeFiles.fault();
            if (fault != null) {
                return fault;
            }
            Loader.load(CudaLibrary.class, platform(), Boolean.getBoolean("org.bytedeco.javacpp.pathsfirst"));
            fault = otherInterface(CudaLibrary.ss_abi_version(), NativeFiles.origin(), NativeFiles.ourOrigin());
            // Only now is it known that there are other functions to be called.
            return fault != null ? fault : otherDevice(CudaLibrary.ss_is_emulated() != 0);
        } catch (LinkageError | RuntimeException e) {
            return explain(e);
        }
    }

    /** The usual, and that we mean the libraries of the extension: JavaCPP says nothing if one does not load that nobody means. */
    private static Properties platform() {
        Properties platform = (Properties) Loader.loadProperties().clone();
        platform.setProperty("platform.extension", NativeFiles.EXTENSION);
        return platform;
    }

    /**
     * Why a library that loads may not be used.
     *
     * @param abi its interface
     * @param origin the jar that it is from
     * @param ours the jar that this class is from
     * @return null if it fits
     */
    static @Nullable Failure otherInterface(int abi, String origin, String ours) {
        if (abi == CudaLibrary.ABI_VERSION) {
            return null;
        }
        boolean older = abi < CudaLibrary.ABI_VERSION;
        return new Failure(
                "the native library in " + origin + " has interface " + abi + ", " + ours + " needs interface "
                        + CudaLibrary.ABI_VERSION,
                "update " + (older ? origin : ours) + ", the older one, to the version of " + (older ? ours : origin));
    }

    /** Why it may not be used by its device, or null. */
    static @Nullable Failure otherDevice(boolean emulated) {
        return !emulated || emulationAllowed()
                ? null
                : new Failure(
                        "the native library on the class path computes on an emulated device, which is for tests only",
                        "remove it, or set -D" + EMULATION_PROPERTY + "=true in a test");
    }

    private static Failure explain(Throwable thrown) {
        if (!NativeFiles.areOnClassPath()) {
            Failure damaged = NativeFiles.damagedJar();
            return damaged != null
                    ? damaged
                    : new Failure(
                            "the native library is not on the class path",
                            "add the artifact io.github.slicedscore:slicedscore with the classifier "
                                    + NativeFiles.CLASSIFIER);
        }
        // JavaCPP's last resort is the system's folders, and the cause is why it came to that.
        Throwable first = thrown;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String text = "" + first.getMessage();
        if (text.contains("GLIBC")) {
            return new Failure("the native library needs a newer C library: " + text, "use a newer Linux");
        }
        // What it lacks, or what its binding does not find in our classes, another version has.
        if (text.contains("undefined symbol") || text.contains("unsupported JNI version")) {
            return new Failure(
                    "the native library in " + NativeFiles.origin() + " is not that of " + NativeFiles.ourOrigin()
                            + ": " + text,
                    "use both in one and the same version");
        }
        return new Failure(
                "the native library does not load: " + text,
                "if its unpacking failed, point -Dorg.bytedeco.javacpp.cachedir at a folder that can be written to and"
                        + " executed from");
    }
}
