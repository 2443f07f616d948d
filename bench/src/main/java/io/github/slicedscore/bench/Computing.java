package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What computes, and which network: the parameters that all benchmarks share. */
@State(Scope.Benchmark)
public class Computing {
    /** Which network and batch. */
    @Param({"A", "B", "C", "D", "E"})
    public Config config;

    /** Which kernels: the processor's, plain, simd or simd-512, -256, -128; or another backend, cuda. */
    @Param({PLAIN, SIMD})
    public String backend;

    /** Worker threads of the processor's backend, 0 for one per core. */
    @Param({"1", "0"})
    public int threads;

    /** Of matrix products; the processor's kernels have FP32 alone. */
    @Param("FP32")
    public Precision precision;

    /** The word for the kernels that are plain Java. */
    static final String PLAIN = "plain";

    /** The word for those of the Vector API, as wide as the machine has them. */
    static final String SIMD = "simd";

    /** The fork's flag for the module of the Vector API. Plain kernels take no notice of it. */
    static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    /** Chooses the processor's kernels, once in a JVM. */
    private static final String KERNELS_PROPERTY = "slicedscore.kernels";

    /** Opens what was asked for, and says what it is. */
    Backend open() {
        Backend opened = open(backend, threads, precision);
        // On a line of its own: JMH has begun one.
        System.out.printf("%n# Computes: %s, %s%n", opened.kernels(), opened.description());
        return opened;
    }

    /** Opens a backend in single precision. */
    static Backend open(String backend, int threads) {
        return open(backend, threads, Precision.FP32);
    }

    /**
     * Opens a backend.
     *
     * @throws IllegalStateException if it computes with other kernels than were asked for
     */
    static Backend open(String backend, int threads, Precision precision) {
        BackendOptions options = new BackendOptions(threads, 0, precision);
        if (!isProcessors(backend)) {
            return Backends.open(backend, options);
        }
        // JMH gives every combination of parameters a JVM of its own, so that nothing has chosen yet.
        System.setProperty(KERNELS_PROPERTY, backend);
        Backend opened = Backends.open("cpu", options);
        if (!opened.kernels().startsWith("cpu-" + backend)) {
            String found = opened.kernels();
            opened.close();
            throw new IllegalStateException("the kernels '" + backend
                    + "' were asked for, but this JVM on this machine has " + found + "; its flag is " + VECTOR_MODULE);
        }
        return opened;
    }

    /** Whether this word means the processor's backend, whose kernels are chosen in each fork. */
    static boolean isProcessors(String backend) {
        return backend.equals(PLAIN) || backend.startsWith(SIMD);
    }
}
