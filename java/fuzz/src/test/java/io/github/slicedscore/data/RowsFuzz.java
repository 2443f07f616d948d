package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Rows files: a byte of options, and what follows the magic number. The checksum is made to fit unless an option says no. */
public final class RowsFuzz {
    private static final int CHECKSUM = 32;
    private static final int AS_IT_IS = 4;

    private RowsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int start = RowsFile.MAGIC.length;
        ByteBuffer content = ByteBuffer.allocate(start + input.length - 1).order(ByteOrder.LITTLE_ENDIAN);
        content.put(RowsFile.MAGIC).put(input, 1, input.length - 1);
        if ((input[0] & AS_IT_IS) == 0 && content.capacity() >= CHECKSUM + Integer.BYTES) {
            int head = content.getInt(12);
            if (head >= CHECKSUM + Integer.BYTES && head <= content.capacity()) {
                CRC32C checksum = new CRC32C();
                content.putInt(CHECKSUM, 0);
                checksum.update(content.array(), 0, head);
                content.putInt(CHECKSUM, (int) checksum.getValue());
            }
        }
        BinaryFuzz.read(input[0], content.array());
    }

    public static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (RowsFile.Precision precision : RowsFile.Precision.values()) {
            byte[] file = Hostile.written(to -> {
                Path csv = Hostile.file("a,h\u00f6he\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8));
                try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    RowsFile.convert(csv, CsvOptions.DEFAULT, ReadOptions.DEFAULT.withThreads(1), precision, out);
                }
            });
            for (int options = 0; options < 2; options++) {
                byte[] seed = Arrays.copyOfRange(file, RowsFile.MAGIC.length - 1, file.length);
                seed[0] = (byte) (options * (2 + AS_IT_IS));
                seeds.add(seed);
            }
        }
        return seeds;
    }
}
