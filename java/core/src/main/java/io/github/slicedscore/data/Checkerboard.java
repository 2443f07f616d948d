package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * The uniform distribution on the dark squares of a board of n x n squares, centred at 0. In units of a square, from the
 * board's corner, with u and v uniform between 0 and 1:
 *
 * <pre>
 * y1 = n u,   y2 = 2 floor(v n/2) + (floor(y1) mod 2) + frac(v n/2),   x = side (y - n/2)
 * </pre>
 *
 * <p>Square (i, j) is dark where i + j is even.
 *
 * @param squares n, along each edge of the board; even, at least 2
 * @param side length of a square's edge, positive
 */
public record Checkerboard(int squares, double side) implements ToySampler {
    /** Checks the ranges. */
    public Checkerboard {
        if (squares < 2 || squares % 2 != 0) {
            throw new IllegalArgumentException(
                    "a checkerboard has an even number of squares along an edge, at least 2, not " + squares);
        }
        ToyChecks.requirePositive("the side of a checkerboard's square", side);
    }

    /**
     * A board between -4 and 4.
     *
     * @return 4 x 4 squares of side 2
     */
    public static Checkerboard standard() {
        return new Checkerboard(4, 2);
    }

    @Override
    public String id() {
        return "checkerboard";
    }

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        double half = squares / 2.0;
        double column = squares * philox.uniform(0);
        double dark = half * philox.uniform(1);
        into[0] = side * (column - half);
        into[1] = side * (Math.floor(dark) + (int) column % 2 + dark - half);
    }
}
