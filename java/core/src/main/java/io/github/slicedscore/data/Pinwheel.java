package io.github.slicedscore.data;

import io.github.slicedscore.math.Angles;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Arms that leave the centre and bend as they go out: with e ~ N(0, I) and arm k uniform among K,
 *
 * <pre>
 * u = 1 + radial e1,   w = tangential e2,   a = 2 pi k / K + bend exp(u)
 * x = 2 (u cos a - w sin a, u sin a + w cos a)
 * </pre>
 *
 * <p>Reference: Johnson, Duvenaud, Wiltschko, Datta and Adams (2016), Composing graphical models with neural networks for
 * structured representations and fast inference (arXiv 1603.06277).
 *
 * @param arms K, at least 1
 * @param radial standard deviation along an arm, positive
 * @param tangential standard deviation across an arm, positive
 * @param bend how far arms turn; 0 leaves them straight
 */
public record Pinwheel(int arms, double radial, double tangential, double bend) implements ToySampler {
    /** Checks the ranges. */
    public Pinwheel {
        if (arms < 1) {
            throw new IllegalArgumentException("a pinwheel has at least 1 arm, not " + arms);
        }
        ToyChecks.requirePositive("a pinwheel's radial deviation", radial);
        ToyChecks.requirePositive("a pinwheel's tangential deviation", tangential);
        if (!Double.isFinite(bend)) {
            throw new IllegalArgumentException("a pinwheel's bend is a finite number, not " + bend);
        }
    }

    /**
     * Five arms that stay apart.
     *
     * @return deviations 0.3 and 0.1, bend 0.25
     */
    public static Pinwheel standard() {
        return new Pinwheel(5, 0.3, 0.1, 0.25);
    }

    @Override
    public String id() {
        return "pinwheel";
    }

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        double u = 1 + radial * philox.normal(0);
        double w = tangential * philox.normal(1);
        double angle = 2 * Math.PI * Math.floor(arms * philox.uniform(2)) / arms + bend * StrictMath.exp(u);
        double cos = Angles.cos(angle);
        double sin = Angles.sin(angle);
        into[0] = 2 * (u * cos - w * sin);
        into[1] = 2 * (u * sin + w * cos);
    }
}
