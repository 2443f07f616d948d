/**
 * Learns the score of a data distribution, or an unnormalised log-density, from samples alone, by sliced score matching.
 */
module io.github.slicedscore {
    requires de.siegmar.fastcsv;
    requires transitive org.bytedeco.javacpp;
    requires static transitive org.jspecify;

    exports io.github.slicedscore;
    exports io.github.slicedscore.backend;
    exports io.github.slicedscore.cuda;
    exports io.github.slicedscore.data;
    exports io.github.slicedscore.eval;
    exports io.github.slicedscore.exchange;
    exports io.github.slicedscore.io;
    exports io.github.slicedscore.math;
    exports io.github.slicedscore.model;
    exports io.github.slicedscore.objective;
    exports io.github.slicedscore.optim;
    exports io.github.slicedscore.sample;
    exports io.github.slicedscore.train;

    uses io.github.slicedscore.backend.BackendProvider;

    provides io.github.slicedscore.backend.BackendProvider with
            io.github.slicedscore.internal.cpu.CpuBackendProvider,
            io.github.slicedscore.internal.cuda.CudaBackendProvider;
}
