package io.github.slicedscore.internal.cuda;

import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** Loads the native library, once, and remembers why it could not. */
final class CudaLoader {
    /** Set to "true", lets the library of an emulated device be used; only tests do that. */
    static final String EMULATION_PROPERTY = "slicedscore.cuda.emulated";

    private static final String CLASSIFIER = "linux-x86_64-cuda";

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

    /** Whether the jar or folder with the native library is on the class path; loads nothing. */
    static boolean isOnClassPath() {
        // By the class loader: a class of a named module would look into its own module only.
        String folder = CudaLibrary.class.getPackageName().replace('.', '/') + "/" + CLASSIFIER;
        return CudaLoader.class.getClassLoader().getResource(folder + "/libjniCudaLibrary.so") != null;
    }

    private static @Nullable Failure tryLoad() {
        int abi;
        try {
            Loader.load(CudaLibrary.class);
            // Where there is nothing to load, JavaCPP says nothing; the first call then does.
            abi = CudaLibrary.ss_abi_version();
        } catch (LinkageError | RuntimeException e) {
            return explain(e);
        }
        return misfit(abi, CudaLibrary.ss_is_emulated() != 0);
    }

    /** Why a library that loads may not be used, or null. */
    static @Nullable Failure misfit(int abi, boolean emulated) {
        if (abi != CudaLibrary.ABI_VERSION) {
            return new Failure(
                    "the native library has interface " + abi + ", this jar of slicedscore needs "
                            + CudaLibrary.ABI_VERSION,
                    "use the jar slicedscore and its " + CLASSIFIER + " jar in one and the same version");
        }
        if (emulated && !emulationAllowed()) {
            return new Failure(
                    "the native library on the class path computes on an emulated device, which is for tests only",
                    "remove it, or set -D" + EMULATION_PROPERTY + "=true in a test");
        }
        return null;
    }

    private static Failure explain(Throwable thrown) {
        if (!isOnClassPath()) {
            return new Failure(
                    "the native library is not on the class path",
                    "add the artifact io.github.slicedscore:slicedscore with the classifier " + CLASSIFIER);
        }
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            messages.append(messages.isEmpty() ? "" : ": ").append(cause.getMessage());
        }
        String text = messages.toString();
        if (text.contains("GLIBC")) {
            return new Failure("the native library needs a newer C library: " + text, "use a newer Linux");
        }
        return new Failure(
                "the native library does not load: " + text,
                "if its unpacking failed, point -Dorg.bytedeco.javacpp.cachedir at a folder that can be written to and"
                        + " executed from");
    }
}
