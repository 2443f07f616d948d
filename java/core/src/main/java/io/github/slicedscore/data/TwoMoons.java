package io.github.slicedscore.data;

import io.github.slicedscore.math.Angles;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Two half circles of radius 1 that reach into each other, with equal chance, blurred by noise: with t uniform between 0 and
 * pi and e ~ N(0, I),
 *
 * <pre>
 * x = (cos t, sin t) + noise e     or     x = (1 - cos t, 1/2 - sin t) + noise e
 * </pre>
 *
 * <p>As {@code make_moons} of scikit-learn draws them.
 *
 * @param noise standard deviation across a moon, positive
 */
public record TwoMoons(double noise) implements ToySampler {
    /** Checks the range. */
    public TwoMoons {
        ToyChecks.requirePositive("the moons' noise", noise);
    }

    /**
     * Moons that do not touch.
     *
     * @return noise 0.1
     */
    public static TwoMoons standard() {
        return new TwoMoons(0.1);
    }

    @Override
    public String id() {
        return "two-moons";
    }

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        // One uniform number says which moon, by its half, and where on it.
        double turns = 2 * philox.uniform(2);
        boolean upper = turns < 1;
        double t = Math.PI * (upper ? turns : turns - 1);
        double cos = Angles.cos(t);
        double sin = Angles.sin(t);
        into[0] = (upper ? cos : 1 - cos) + noise * philox.normal(0);
        into[1] = (upper ? sin : 0.5 - sin) + noise * philox.normal(1);
    }
}
