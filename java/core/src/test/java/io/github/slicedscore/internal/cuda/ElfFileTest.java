package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a file before the system's loader, which trusts it, is given it. */
class ElfFileTest {
    private static final byte[] WHOLE = ElfBytes.whole();

    @TempDir
    private Path folder;

    private String fault(byte[] bytes) throws IOException {
        return "" + ElfFile.fault(Files.write(folder.resolve("library.so"), bytes));
    }

    /** The table of sections is the end of the file, as compilers have it. */
    @Test
    void everyLengthButTheWholeIsCutOff() throws IOException {
        assertThat(fault(WHOLE)).isEqualTo("null");
        assertThat(fault(new byte[0])).isEqualTo("is empty");
        int lengths = 1;
        for (int length = 1; length < WHOLE.length; length += length < 300 ? 1 : 97) {
            String wanted = length < 4 ? "is no ELF library" : "is cut off: it has " + length + " bytes of at least ";
            assertThat(fault(Arrays.copyOf(WHOLE, length))).startsWith(wanted);
            lengths++;
        }
        assertThat(fault(Arrays.copyOf(WHOLE, WHOLE.length - 1)))
                .isEqualTo("is cut off: it has " + (WHOLE.length - 1) + " bytes of at least " + WHOLE.length);
        System.out.println("a library cut off at " + (lengths + 1) + " places: each was seen");
    }

    @Test
    void whatHasNoSectionsEndsWithItsLastSegment() throws IOException {
        byte[] stripped = WHOLE.clone();
        Arrays.fill(stripped, 40, 48, (byte) 0);
        stripped[60] = 0;
        int end = WHOLE.length - 128;
        assertThat(fault(Arrays.copyOf(stripped, end))).isEqualTo("null");
        assertThat(fault(Arrays.copyOf(stripped, end - 1)))
                .isEqualTo("is cut off: it has " + (end - 1) + " bytes of at least " + end);
    }

    @Test
    void aLibraryForAnotherMachineIsNamed() throws IOException {
        assertThat(fault(ElfBytes.library(183))).isEqualTo("is for aarch64, not for x86_64");
        assertThat(fault(ElfBytes.library(3))).isEqualTo("is for x86 with 32 bits, not for x86_64");
        assertThat(fault(ElfBytes.library(243))).isEqualTo("is for riscv, not for x86_64");
        assertThat(fault(ElfBytes.library(9999))).isEqualTo("is for machine 9999 of ELF, not for x86_64");
        assertThat(fault(ElfBytes.with(WHOLE, 4, 1))).contains("32-bit addresses");
    }

    @Test
    void whatIsNoLibraryIsToldApart() throws IOException {
        assertThat(fault("<!DOCTYPE html><title>404</title>".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("is no ELF library");
        assertThat(fault(ElfBytes.with(WHOLE, 16, 2))).isEqualTo("is an ELF file, but no shared library");
    }

    /** Offsets beyond all files, below zero, and whose ends are no number. */
    @Test
    void aDamagedHeadIsSeen() throws IOException {
        for (int field : new int[] {32, 40, 64 + 8, 64 + 32}) {
            assertThat(fault(ElfBytes.with(WHOLE, field + 7, 0x80))).isEqualTo("has a damaged ELF head");
            assertThat(fault(ElfBytes.with(WHOLE, field + 5, 1))).startsWith("is cut off");
        }
        assertThat(fault(ElfBytes.with(WHOLE, 54, 57))).isEqualTo("has a damaged ELF head");
        assertThat(fault(ElfBytes.with(WHOLE, 56, 0))).isEqualTo("has a damaged ELF head");
    }

    @Test
    void librariesThatLoadAreWhole() throws IOException {
        assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "for Linux on x86-64");
        Path library = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
        assertThat(ElfFile.fault(library)).isNull();
        byte[] bytes = Files.readAllBytes(library);
        assertThat(fault(Arrays.copyOf(bytes, bytes.length - 1))).startsWith("is cut off");
        assertThat(fault(Arrays.copyOf(bytes, bytes.length / 2))).startsWith("is cut off");
    }
}
