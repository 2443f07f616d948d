package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What computes, and which network: the parameters that all benchmarks share. */
@State(Scope.Benchmark)
public class Computing {
    /** Which network and batch. */
    @Param({"A", "B", "C", "D", "E"})
    public Config config;

    /** Which backend: plain, the processor's, or cuda. */
    @Param(PLAIN)
    public String backend;

    /** Worker threads of the processor's backend, 0 for one per core. */
    @Param("0")
    public int threads;

    /** The word for the backend whose kernels are plain Java. */
    static final String PLAIN = "plain";

    Backend open() {
        return open(backend, threads);
    }

    static Backend open(String backend, int threads) {
        return Backends.open(backend.equals(PLAIN) ? "cpu" : backend, new BackendOptions(threads, 0));
    }
}
