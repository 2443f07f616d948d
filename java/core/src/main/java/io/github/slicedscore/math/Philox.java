package io.github.slicedscore.math;

/**
 * The counter-based random generator Philox4x32-10: a bijection of a 128-bit counter under a 64-bit key, so any number of
 * a run can be drawn on its own, in any order, on any device, and comes out the same.
 *
 * <p>Every random number of this library is addressed by (seed, position, block, stream and slice, step):
 *
 * <table>
 * <caption>Layout {@value #LAYOUT} of key and counter</caption>
 * <tr><th>word</th><th>meaning</th></tr>
 * <tr><td>key</td><td>the 64-bit seed, low word first</td></tr>
 * <tr><td>c0</td><td>position in the global batch, or row, or chain</td></tr>
 * <tr><td>c1</td><td>feature block: 128 signs, or 4 floats</td></tr>
 * <tr><td>c2</td><td>{@link RandomStream#tag() tag} &lt;&lt; 24 | slice</td></tr>
 * <tr><td>c3</td><td>step</td></tr>
 * </table>
 *
 * <p>An instance holds the last four words drawn; it allocates nothing per draw and belongs to one thread.
 *
 * <h2>References</h2>
 * <ol>
 * <li>J. Salmon, M. Moraes, R. Dror, D. Shaw. Parallel random numbers: as easy as 1, 2, 3. SC 2011.</li>
 * </ol>
 */
public final class Philox {
    /** Number of the counter layout above; stored in checkpoints so that a change can never go unnoticed. */
    public static final int LAYOUT = 1;

    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private int w0;
    private int w1;
    private int w2;
    private int w3;

    /** Creates a generator; until the first draw its words are zero. */
    public Philox() {}

    /**
     * Draws the four words at a counter under a key.
     *
     * @param seed the key
     * @param c0 position in the batch
     * @param c1 feature block
     * @param c2 tag and slice
     * @param c3 step
     */
    public void draw(long seed, int c0, int c1, int c2, int c3) {
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        int x0 = c0;
        int x1 = c1;
        int x2 = c2;
        int x3 = c3;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (x0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER_1 * (x2 & 0xFFFFFFFFL);
            x0 = (int) (product1 >>> 32) ^ x1 ^ k0;
            x1 = (int) product1;
            x2 = (int) (product0 >>> 32) ^ x3 ^ k1;
            x3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        w0 = x0;
        w1 = x1;
        w2 = x2;
        w3 = x3;
    }

    /**
     * Draws the four words of a stream.
     *
     * @param seed the key
     * @param position position in the global batch, row or chain
     * @param block feature block
     * @param stream what the numbers are for
     * @param slice slice within the stream, 0 to 2^24 - 1
     * @param step step of the run
     */
    public void draw(long seed, int position, int block, RandomStream stream, int slice, long step) {
        draw(seed, position, block, stream.tag() << 24 | slice, (int) step);
    }

    /**
     * One of the four words of the last draw.
     *
     * @param index 0 to 3
     * @return the word
     */
    public int word(int index) {
        return switch (index) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            case 3 -> w3;
            default -> throw new IndexOutOfBoundsException("word " + index + " of 4");
        };
    }

    /**
     * A uniform number strictly between 0 and 1: ((u &gt;&gt;&gt; 8) + 1/2) 2^-24.
     *
     * @param index which of the four words, 0 to 3
     * @return the number; it has 25 bits, so a float would round it, at the upper end to 1
     */
    public double uniform(int index) {
        return ((word(index) >>> 8) + 0.5) * 0x1p-24;
    }

    /**
     * A standard normal number by Box and Muller's transform, from the pairs (u0, u1) and (u2, u3).
     *
     * <p>Log, sine and cosine are of our own, so that the numbers are the same on every JVM.
     *
     * @param index 0 and 1 are the cosine and sine of the first pair, 2 and 3 of the second
     * @return the number
     */
    public float normal(int index) {
        int pair = index & 2;
        double turns = turns(pair);
        int quarter = (int) Math.rint(turns);
        double angle = angle(turns, quarter);
        int phase = (quarter - (index & 1)) & 3;
        return turned(radius(pair), phase, Series.cos(angle), Series.sin(angle));
    }

    private double radius(int pair) {
        return Math.sqrt(-2.0 * Series.log(uniform(pair)));
    }

    /** The angle of a pair in quarter turns: what is left of whole ones stays within a quarter of pi. */
    private double turns(int pair) {
        return 4.0 * uniform(pair + 1);
    }

    private static double angle(double turns, int quarter) {
        return 0.5 * Math.PI * (turns - quarter);
    }

    /** The one number where the mask is all ones, the other where it is zero: a branch would be taken by chance. */
    private static double select(long mask, double ones, double zeros) {
        return Double.longBitsToDouble(
                (Double.doubleToRawLongBits(ones) & mask) | (Double.doubleToRawLongBits(zeros) & ~mask));
    }

    /** The first coordinate of a point at a radius, so many quarter turns (0 to 3) beyond an angle. */
    private static float turned(double radius, int phase, double cos, double sin) {
        double size = radius * select(-(phase & 1), sin, cos);
        long sign = (long) ((phase + 1) >> 1 & 1) << 63;
        return (float) Double.longBitsToDouble(Double.doubleToRawLongBits(size) ^ sign);
    }

    /**
     * Fills a row with standard normal numbers, four to a draw.
     *
     * @param seed the key
     * @param position position in the global batch, row or chain
     * @param stream what the numbers are for
     * @param slice slice within the stream
     * @param step step of the run
     * @param row where they go
     * @param from first index written
     * @param to one past the last index written
     */
    public void normals(
            long seed, int position, RandomStream stream, int slice, long step, float[] row, int from, int to) {
        for (int i = from; i < to; i += 2) {
            int feature = i - from;
            int pair = feature & 2;
            if (pair == 0) {
                draw(seed, position, feature >> 2, stream, slice, step);
            }
            // Both numbers of a pair share all that is costly.
            double radius = radius(pair);
            double turns = turns(pair);
            int quarter = (int) Math.rint(turns);
            double angle = angle(turns, quarter);
            double cos = Series.cos(angle);
            double sin = Series.sin(angle);
            row[i] = turned(radius, quarter & 3, cos, sin);
            if (i + 1 < to) {
                row[i + 1] = turned(radius, (quarter - 1) & 3, cos, sin);
            }
        }
    }

    /**
     * Fills a row with independent signs, -1 or +1 with equal chance: bit i of the draw's 128 bits, set for +1.
     *
     * @param seed the key
     * @param position position in the global batch, row or chain
     * @param stream what the numbers are for
     * @param slice slice within the stream
     * @param step step of the run
     * @param row where they go
     * @param from first index written
     * @param to one past the last index written
     */
    public void signs(
            long seed, int position, RandomStream stream, int slice, long step, float[] row, int from, int to) {
        for (int i = from; i < to; i += 32) {
            int feature = i - from;
            if ((feature & 127) == 0) {
                draw(seed, position, feature >> 7, stream, slice, step);
            }
            int word = word(feature >> 5 & 3);
            int end = Math.min(i + 32, to);
            for (int j = i; j < end; j++) {
                row[j] = (word & 1) * 2 - 1;
                word >>>= 1;
            }
        }
    }
}
