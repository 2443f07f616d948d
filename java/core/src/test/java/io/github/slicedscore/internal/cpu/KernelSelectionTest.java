package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.internal.cpu.Jvm.VectorModule;
import io.github.slicedscore.internal.cpu.KernelSelection.Chosen;
import io.github.slicedscore.internal.cpu.KernelSelection.Refused;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The choice of kernels as a function of the property and the JVM. */
class KernelSelectionTest {
    private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";

    private static Jvm hotspot(int bits) {
        return new Jvm(HOTSPOT, "17.0.15+6", "mixed mode, sharing", VectorModule.READABLE, bits, List.of());
    }

    private static Jvm without(VectorModule module) {
        return new Jvm(HOTSPOT, "17.0.15+6", "mixed mode, sharing", module, 0, List.of());
    }

    private static Chosen chosen(String wanted, Jvm jvm) {
        assertThat(KernelSelection.choose(wanted, jvm)).isInstanceOf(Chosen.class);
        return (Chosen) KernelSelection.choose(wanted, jvm);
    }

    private static Refused refused(String wanted, Jvm jvm) {
        assertThat(KernelSelection.choose(wanted, jvm)).isInstanceOf(Refused.class);
        return (Refused) KernelSelection.choose(wanted, jvm);
    }

    @ParameterizedTest(name = "{0} with {1} native bits: {2}")
    @CsvSource({
        "auto, 128, simd-128",
        "'', 256, simd-256",
        "auto, 256, simd-256",
        "auto, 512, simd-512",
        "auto, 2048, simd-512",
        "auto, 384, simd-256",
        "simd, 256, simd-256",
        "simd, 1024, simd-512",
        "simd-512, 512, simd-512",
        "simd-256, 512, simd-256",
        "simd-128, 512, simd-128",
        "plain, 512, plain"
    })
    void widthsAreTheWidestNativeOnesOrWhatIsAskedFor(String wanted, int nativeBits, String name) {
        Chosen chosen = chosen(wanted, hotspot(nativeBits));

        assertThat(chosen.name()).isEqualTo(name);
        assertThat(chosen.remedy()).isEmpty();
        assertThat(chosen.reason()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"simd-512,256,simd-256", "simd-512,128,simd-128", "simd-256,128,simd-128"})
    void widthsThatAreNotNativeAreRefused(String wanted, int nativeBits, String possible) {
        Refused refused = refused(wanted, hotspot(nativeBits));

        assertThat(refused.reason()).contains("slicedscore.kernels=" + wanted, nativeBits + "");
        assertThat(refused.remedy()).contains("auto", possible);
    }

    @ParameterizedTest
    @CsvSource({"' '", "SIMD", "simd-", "simd-64", "simd-1024", "simd512", "avx"})
    void unknownNamesAreRefusedWithTheKnownOnes(String wanted) {
        for (Jvm jvm : List.of(hotspot(512), without(VectorModule.NOT_ADDED))) {
            Refused refused = refused(wanted, jvm);
            assertThat(refused.reason()).contains("slicedscore.kernels=" + wanted);
            assertThat(refused.remedy()).contains("auto, plain, simd, simd-512, simd-256, simd-128");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ABSENT, no module jdk.incubator.vector, JDK",
        "NOT_ADDED, is not loaded, java --add-modules jdk.incubator.vector",
        "HIDDEN, class loader, delegate"
    })
    void withoutTheModuleThereIsPlainJava(VectorModule module, String reason, String remedy) {
        Chosen auto = chosen("auto", without(module));
        assertThat(auto.name()).isEqualTo("plain");
        assertThat(auto.reason()).contains(reason);
        assertThat(auto.remedy()).contains(remedy);
        assertThat(chosen("plain", without(module)).name()).isEqualTo("plain");
        for (String wanted : List.of("simd", "simd-128")) {
            Refused refused = refused(wanted, without(module));
            assertThat(refused.reason()).contains("slicedscore.kernels=" + wanted, reason);
            assertThat(refused.remedy()).contains(remedy);
        }
    }

    @Test
    void shortVectorsAreOfNoUse() {
        assertThat(chosen("auto", hotspot(64)).name()).isEqualTo("plain");
        assertThat(chosen("auto", hotspot(64)).reason()).contains("64 bits");
        assertThat(refused("simd", hotspot(64)).reason()).contains("64 bits");
    }

    static Stream<Jvm> doubtful() {
        return Stream.of(
                new Jvm("Eclipse OpenJ9 VM", "openj9-0.48.0", "JRE 17", VectorModule.READABLE, 512, List.of()),
                new Jvm(
                        "OpenJDK 64-Bit Zero VM",
                        "17.0.15+6",
                        "interpreted mode",
                        VectorModule.READABLE,
                        512,
                        List.of()),
                new Jvm(HOTSPOT, "21+35-jvmci-23.1-b15", "mixed mode", VectorModule.READABLE, 512, List.of()),
                new Jvm(HOTSPOT, "17.0.15+6", "interpreted mode, sharing", VectorModule.READABLE, 512, List.of()),
                new Jvm(HOTSPOT, "17.0.15+6", "mixed mode, emulated-client", VectorModule.READABLE, 512, List.of()),
                new Jvm(HOTSPOT, "17.0.15+6", "mixed mode", VectorModule.READABLE, 512, List.of(Jvm.FMA)),
                new Jvm(HOTSPOT, "17.0.15+6", "mixed mode", VectorModule.READABLE, 512, List.of(Jvm.VECTORS)));
    }

    /** Where the Vector API runs but is not compiled to what it stands for, it takes an explicit wish. */
    @ParameterizedTest
    @MethodSource("doubtful")
    void whereItWouldBeSlowTheVectorApiIsTakenOnRequestAlone(Jvm jvm) {
        Chosen auto = chosen("auto", jvm);
        assertThat(auto.name()).isEqualTo("plain");
        assertThat(auto.reason()).startsWith("this JVM");
        assertThat(auto.remedy()).contains("slicedscore.kernels=simd");
        assertThat(chosen("simd", jvm).name()).isEqualTo("simd-512");
        assertThat(chosen("simd-256", jvm).name()).isEqualTo("simd-256");
        assertThat(chosen("simd-256", jvm).reason()).contains("asks for them, although " + auto.reason());
    }
}
