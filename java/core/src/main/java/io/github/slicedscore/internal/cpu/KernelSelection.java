package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.BackendUnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which kernels compute in this JVM, and why: plain Java, or the Vector API at one width. The system property
 * {@code slicedscore.kernels} may name them; by default they are the fastest that can be expected to work well.
 */
sealed interface KernelSelection {
    /** Names what is to be chosen: one of {@link #CHOICES}. */
    String PROPERTY = "slicedscore.kernels";

    /** Values of the property. Both "auto" and "simd" mean the widest vectors; only "auto" may end with plain Java. */
    List<String> CHOICES = List.of("auto", "plain", "simd", "simd-512", "simd-256", "simd-128");

    /** Widest and narrowest vectors that there are kernels for. */
    int WIDEST = 512;

    int NARROWEST = 128;

    /**
     * A set that computes.
     *
     * @param bits width of the vectors, 0 for plain Java
     * @param reason why this set
     * @param remedy what would help to a faster one; empty where nothing would, or was asked for
     */
    record Chosen(int bits, String reason, String remedy) implements KernelSelection {
        /** Short name, stored in checkpoints: a run repeats bit for bit on the same kernels. */
        String name() {
            return bits == 0 ? "plain" : "simd-" + bits;
        }

        /** A new set of these kernels. */
        Kernels kernels() {
            return bits == 0 ? new PlainKernels() : new SimdKernels();
        }

        /** Reason and remedy in one sentence. */
        String explanation() {
            return remedy.isEmpty() ? reason : reason + "; " + remedy;
        }
    }

    /**
     * The property asks for what can't be had.
     *
     * @param reason what is missing
     * @param remedy what would mend it
     */
    record Refused(String reason, String remedy) implements KernelSelection {
        /** The same in the words of the backends; somebody has set the property and will want to know. */
        BackendStatus.Unavailable status() {
            return new BackendStatus.Unavailable(reason, remedy, true);
        }
    }

    /** The choice for this JVM: the same, whenever it is asked for. */
    static KernelSelection ofThisJvm() {
        return Once.SELECTION;
    }

    /**
     * The same where kernels are needed.
     *
     * @throws BackendUnavailableException with reason and remedy, if the property asks for what can't be had
     */
    static Chosen chosen() {
        if (ofThisJvm() instanceof Refused refused) {
            throw new BackendUnavailableException(CpuBackendProvider.NAME, refused.status());
        }
        return (Chosen) ofThisJvm();
    }

    /**
     * Chooses.
     *
     * @param value value of the property; empty, as a shell variable that is not set leaves it, it is "auto"
     * @param jvm where the kernels are to run
     */
    static KernelSelection choose(String value, Jvm jvm) {
        String wanted = value.isEmpty() ? "auto" : value;
        if (!CHOICES.contains(wanted)) {
            return new Refused(
                    option(wanted) + " names no set of kernels", "choose one of " + String.join(", ", CHOICES));
        }
        if (wanted.equals("plain")) {
            return new Chosen(0, option(wanted) + " asks for plain Java", "");
        }
        boolean auto = wanted.equals("auto");
        Refused missing = missing(jvm);
        if (missing != null) {
            return auto
                    ? new Chosen(0, missing.reason(), missing.remedy())
                    : new Refused(
                            option(wanted) + " asks for the Vector API, but " + missing.reason(), missing.remedy());
        }
        String doubt = doubt(jvm);
        if (auto && !doubt.isEmpty()) {
            return new Chosen(0, doubt, "-D" + PROPERTY + "=simd takes the kernels on the Vector API all the same");
        }
        int widest = Math.min(WIDEST, Integer.highestOneBit(jvm.nativeBits()));
        int bits = wanted.startsWith("simd-") ? Integer.parseInt(wanted.substring("simd-".length())) : widest;
        if (bits > widest) {
            return new Refused(
                    option(wanted) + " asks for vectors of " + bits + " bits, but the widest native ones here have "
                            + jvm.nativeBits(),
                    "choose auto, or simd-" + widest + " or narrower");
        }
        if (auto) {
            return new Chosen(bits, "the widest native vectors here", "");
        }
        String asked = option(wanted) + " asks for them";
        return new Chosen(bits, doubt.isEmpty() ? asked : asked + ", although " + doubt, "");
    }

    private static String option(String value) {
        return "-D" + PROPERTY + "=" + value;
    }

    /** Why the kernels can't run on the Vector API, and the remedy; null if they can. */
    private static @Nullable Refused missing(Jvm jvm) {
        return switch (jvm.vectorModule()) {
            case ABSENT ->
                new Refused(
                        "this Java has no module jdk.incubator.vector, which makes training several times as fast",
                        "a JDK has it, and java --add-modules jdk.incubator.vector loads it");
            case NOT_ADDED ->
                new Refused(
                        "the module jdk.incubator.vector, which makes training several times as fast, is not loaded",
                        "java --add-modules jdk.incubator.vector loads it");
            case HIDDEN ->
                new Refused(
                        "the class loader of slicedscore does not find the classes of the module jdk.incubator.vector",
                        "let it delegate the package jdk.incubator.vector to the JVM");
            case READABLE ->
                jvm.nativeBits() >= NARROWEST
                        ? null
                        : new Refused(
                                "vectors here have " + jvm.nativeBits()
                                        + " bits, too few for the Vector API to be of use",
                                "a processor or a JVM with vectors of " + NARROWEST + " bits or more");
        };
    }

    /** Why the Vector API can be expected to be slower than plain Java; empty if it can't. */
    private static String doubt(Jvm jvm) {
        if (!jvm.name().contains("Server VM")) {
            return "this JVM, " + jvm.name() + ", is not known to turn the Vector API into vector instructions";
        }
        if (jvm.version().contains("jvmci")) {
            return "this JVM compiles with Graal, which is not known to turn the Vector API into vector instructions";
        }
        if (jvm.info().contains("interpreted") || jvm.info().contains("emulated-client")) {
            return "this JVM was told (" + jvm.info() + ") to do without the compiler that the Vector API needs";
        }
        if (jvm.off().contains(Jvm.FMA)) {
            return "this JVM uses no fused multiply-add (" + Jvm.FMA
                    + " is off: the processor lacks it or an option forbids"
                    + " it), without which the Vector API is a hundred times slower than plain Java";
        }
        if (jvm.off().contains(Jvm.VECTORS)) {
            return "this JVM was told (" + Jvm.VECTORS + " is off) to make no vector instructions of the Vector API";
        }
        return "";
    }

    /** Chosen when first asked for. */
    final class Once {
        private static final KernelSelection SELECTION = choose(System.getProperty(PROPERTY, "auto"), Jvm.running());

        private Once() {}
    }
}
