package io.github.slicedscore.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random changes of inputs, the same for the same seed. */
final class Mutations {
    static final int LONGEST = 4096;

    private static final long[] NUMBERS = {
        0, 1, -1, 127, 255, 65535, Integer.MAX_VALUE, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final List<byte[]> corpus;
    private final List<String> words;
    private final SplittableRandom random;

    Mutations(List<byte[]> corpus, List<String> words, long seed) {
        this.corpus = corpus;
        this.words = words;
        this.random = new SplittableRandom(seed);
    }

    byte[] next() {
        byte[] input = some(corpus);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            input = changed(input);
        }
        return Arrays.copyOf(input, Math.min(input.length, LONGEST));
    }

    private <T> T some(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] changed(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(16));
        return switch (random.nextInt(8)) {
            case 0 -> replaced(input, at, end, new byte[0]);
            case 1 -> replaced(input, at, at, Arrays.copyOfRange(input, at, end));
            case 2 -> replaced(input, at, Math.min(input.length, at + 1), new byte[] {(byte) random.nextInt()});
            case 3 -> replaced(input, at, input.length, end(some(corpus)));
            case 4 -> replaced(input, at, input.length, new byte[0]);
            case 5 -> replaced(input, at, Math.min(input.length, at + 8), number());
            case 6 -> {
                byte[] flipped = input.clone();
                if (at < input.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
            default ->
                replaced(input, at, random.nextBoolean() ? at : end, some(words).getBytes(StandardCharsets.UTF_8));
        };
    }

    private byte[] end(byte[] other) {
        return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    }

    private byte[] number() {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return Arrays.copyOf(bytes.putLong(number).array(), random.nextBoolean() ? Integer.BYTES : Long.BYTES);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        return ByteBuffer.allocate(input.length - (to - from) + by.length)
                .put(input, 0, from)
                .put(by)
                .put(input, to, input.length - to)
                .array();
    }
}
