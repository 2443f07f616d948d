package io.github.slicedscore.math;

/**
 * A keyed permutation of 0 .. size-1 that needs no memory: a six-round Feistel network on the smallest even number of bits
 * that holds size-1, walked along its cycle until the value falls below size.
 *
 * <p>With the two halves (l, r) of b bits each and the round function
 *
 * <pre>
 * F(i, r) = mix(r * 0x9E3779B9 + k_i)  mod 2^b,      mix(z) = z ^ z&gt;&gt;&gt;16, * 0x85EBCA6B, ^ &gt;&gt;&gt;13, * 0xC2B2AE35, ^ &gt;&gt;&gt;16
 * (l, r) &lt;- (r, l ^ F(i, r)),  i = 0 .. 5
 * </pre>
 *
 * all in 32-bit arithmetic (halves have at most 31 bits). The round keys k_0 .. k_5 are the words of two Philox draws with
 * key = seed, c0 = low word and c1 = high word of the epoch, c2 = 0xFE000000 and c3 = 0 (k_0 .. k_3), 1 (k_4, k_5).
 *
 * <p>Known answers: see {@code PermutationTest}.
 *
 * <p>An instance is for one thread; {@link #key} allocates nothing.
 */
public final class Permutation {
    private static final int ROUNDS = 6;

    private final Philox philox = new Philox();
    private final int[] keys = new int[ROUNDS];
    private final long size;
    private final int halfBits;
    private final long halfMask;

    /**
     * A permutation of 0 .. size-1, keyed by (0, 0) until {@link #key} is called.
     *
     * @param size number of elements, at least 1
     */
    public Permutation(long size) {
        if (size < 1) {
            throw new IllegalArgumentException("a permutation needs at least one element, not " + size);
        }
        this.size = size;
        int bits = 64 - Long.numberOfLeadingZeros(size - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
        key(0, 0);
    }

    /**
     * Chooses the permutation.
     *
     * @param seed the run's seed
     * @param epoch pass over the data
     */
    public void key(long seed, long epoch) {
        int tag = 0xFE000000;
        philox.draw(seed, (int) epoch, (int) (epoch >>> 32), tag, 0);
        for (int i = 0; i < 4; i++) {
            keys[i] = philox.word(i);
        }
        philox.draw(seed, (int) epoch, (int) (epoch >>> 32), tag, 1);
        keys[4] = philox.word(0);
        keys[5] = philox.word(1);
    }

    /**
     * The image of an index.
     *
     * @param index 0 .. size-1
     * @return 0 .. size-1, another one for every index
     */
    public long apply(long index) {
        long value = index;
        do {
            value = encrypt(value);
        } while (value >= size);
        return value;
    }

    private long encrypt(long value) {
        long left = value >>> halfBits;
        long right = value & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (mix((int) right * 0x9E3779B9 + keys[round]) & halfMask);
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }

    private static long mix(int value) {
        int z = value;
        z = (z ^ z >>> 16) * 0x85EBCA6B;
        z = (z ^ z >>> 13) * 0xC2B2AE35;
        return (z ^ z >>> 16) & 0xFFFFFFFFL;
    }
}
