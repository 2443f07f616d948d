package io.github.slicedscore.internal.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file is a whole shared library for Linux on x86-64, by its head and by the tables that this names.
 *
 * <p>The system's loader maps a file that was cut off as if it were whole, and the process dies of SIGBUS where it reads what is
 * missing. Layout: Tool Interface Standard, Executable and Linking Format, version 1.2, and its 64-bit extension.
 */
final class ElfFile {
    private static final int HEAD = 64;
    private static final int MAGIC = 0x464c457f; // 7f E L F, the lowest byte first
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int SHARED_LIBRARY = 3;
    private static final int X86_64 = 62;

    private static final int SEGMENT = 56;

    private ElfFile() {}

    /**
     * What is wrong with a file.
     *
     * @param file what is to be loaded
     * @return null if nothing is, or what it is instead: "is cut off", for example
     * @throws IOException if it can't be read
     */
    static @Nullable String fault(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size == 0) {
                return "is empty";
            }
            ByteBuffer head = read(channel, 0, HEAD);
            if (head.limit() < Integer.BYTES || head.getInt(0) != MAGIC) {
                return "is no ELF library";
            }
            if (head.limit() < HEAD) {
                return cutOff(size, HEAD);
            }
            int machine = Short.toUnsignedInt(head.getShort(18));
            if (head.get(4) != CLASS_64 || head.get(5) != LITTLE_ENDIAN || machine != X86_64) {
                return "is for " + name(machine) + ", not for x86_64";
            }
            if (head.getShort(16) != SHARED_LIBRARY) {
                return "is an ELF file, but no shared library";
            }
            long segments = head.getLong(32);
            int segmentSize = Short.toUnsignedInt(head.getShort(54));
            int segmentCount = Short.toUnsignedInt(head.getShort(56));
            if (segmentSize != SEGMENT || segmentCount == 0) {
                return "has a damaged ELF head";
            }
            long needed = end(segments, (long) SEGMENT * segmentCount);
            if (needed <= size) {
                ByteBuffer table = read(channel, segments, SEGMENT * segmentCount);
                for (int at = 0; at < table.limit(); at += SEGMENT) {
                    needed = Math.max(needed, end(table.getLong(at + 8), table.getLong(at + 32)));
                }
            }
            // The table of sections, which no loader needs, is the last in the file.
            long sections =
                    Math.multiplyExact(Short.toUnsignedLong(head.getShort(58)), Short.toUnsignedInt(head.getShort(60)));
            needed = Math.max(needed, end(head.getLong(40), sections));
            return needed <= size ? null : cutOff(size, needed);
        }
    }

    /** The first byte behind; what is no number of bytes ends nowhere. */
    private static long end(long start, long bytes) {
        return start < 0 || bytes < 0 || start + bytes < 0 ? Long.MAX_VALUE : start + bytes;
    }

    private static String cutOff(long size, long needed) {
        return needed == Long.MAX_VALUE
                ? "has a damaged ELF head"
                : "is cut off: it has " + size + " bytes of at least " + needed;
    }

    /** As much of it as there is. */
    private static ByteBuffer read(FileChannel channel, long start, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) > 0) {
            // a read may bring less than was asked for
        }
        return buffer.flip();
    }

    private static String name(int machine) {
        return switch (machine) {
            case 3 -> "x86 with 32 bits";
            case X86_64 -> "x86_64 with 32-bit addresses or the highest byte first";
            case 21 -> "ppc64";
            case 22 -> "s390x";
            case 183 -> "aarch64";
            case 243 -> "riscv";
            default -> "machine " + machine + " of ELF";
        };
    }
}
