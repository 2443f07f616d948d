package io.github.slicedscore.internal.cpu;

import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of a JVM decides whether kernels on the Vector API can run in it and would be fast.
 *
 * @param name the system property java.vm.name
 * @param version the system property java.vm.version
 * @param info the system property java.vm.info: how it compiles
 * @param vectorModule whether the Vector API is there
 * @param nativeBits widest vectors that are native, 0 where the Vector API is not there
 * @param off those of {@link #FMA} and {@link #VECTORS} that are off
 */
record Jvm(String name, String version, String info, VectorModule vectorModule, int nativeBits, List<String> off) {
    /** The option of HotSpot by which it uses fused multiply-add: by default where the processor has the instruction. */
    static final String FMA = "UseFMA";

    /** The option of HotSpot by which it makes vector instructions of the Vector API. */
    static final String VECTORS = "EnableVectorSupport";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Whether classes of this package can use the module of the Vector API. */
    enum VectorModule {
        /** This Java was built without it. */
        ABSENT,
        /** This Java has it, but was started without it. */
        NOT_ADDED,
        /** It was added, but the class loader of this library does not find its classes. */
        HIDDEN,
        READABLE
    }

    /** The JVM that runs this. Afterwards this library's module reads the Vector API's, where that is there. */
    static Jvm running() {
        VectorModule module = findAndRead();
        return new Jvm(
                property("java.vm.name"),
                property("java.vm.version"),
                property("java.vm.info"),
                module,
                module == VectorModule.READABLE ? SimdWidth.nativeBits() : 0,
                module == VectorModule.READABLE
                        ? Stream.of(FMA, VECTORS).filter(HotSpotOptions::isOff).toList()
                        : List.of());
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }

    private static VectorModule findAndRead() {
        Optional<Module> module = ModuleLayer.boot().findModule(VECTOR_MODULE);
        if (module.isEmpty()) {
            return ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent()
                    ? VectorModule.NOT_ADDED
                    : VectorModule.ABSENT;
        }
        // Declared in module-info, this would make the compilers of this library's users warn of an incubating module.
        Jvm.class.getModule().addReads(module.get());
        try {
            Class.forName("jdk.incubator.vector.FloatVector", false, Jvm.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return VectorModule.HIDDEN;
        }
        return VectorModule.READABLE;
    }
}
