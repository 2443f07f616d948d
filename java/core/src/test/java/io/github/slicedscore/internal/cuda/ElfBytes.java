package io.github.slicedscore.internal.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** A library of one segment with noise in it, which is whole and has nothing that could be loaded. */
final class ElfBytes {
    static final int SIZE = 60_000;
    static final short X86_64 = 62;

    private static final int HEAD = 64;
    private static final int SECTIONS = 2;

    private ElfBytes() {}

    static byte[] whole() {
        return library(X86_64);
    }

    /** For a machine by its number in ELF. */
    static byte[] library(int machine) {
        byte[] bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        int sections = SIZE - SECTIONS * HEAD;
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).put(new byte[9]);
        file.putShort((short) 3).putShort((short) machine).putInt(1);
        file.putLong(0).putLong(HEAD).putLong(sections).putInt(0);
        file.putShort((short) HEAD).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) SECTIONS).putShort((short) 0);
        // PT_LOAD, readable: what lies between this table and that of the sections.
        file.putInt(1).putInt(4).putLong(0).putLong(0).putLong(0);
        file.putLong(sections).putLong(sections).putLong(4096);
        return bytes;
    }

    static byte[] with(byte[] bytes, int at, int value) {
        byte[] other = bytes.clone();
        other[at] = (byte) value;
        return other;
    }
}
