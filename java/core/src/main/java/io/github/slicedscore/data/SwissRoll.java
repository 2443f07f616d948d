package io.github.slicedscore.data;

import io.github.slicedscore.math.Angles;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * A spiral of one and a half turns in the plane, blurred by noise: with t uniform between 3/2 pi and 9/2 pi and e ~ N(0, I),
 *
 * <pre>x = (t cos t, t sin t) / 5 + noise e</pre>
 *
 * <p>The roll of scikit-learn's {@code make_swiss_roll}, seen along its axis and a fifth in size.
 *
 * @param noise standard deviation across the spiral, positive; its turns are 2 pi / 5 apart
 */
public record SwissRoll(double noise) implements ToySampler {
    /** Checks the range. */
    public SwissRoll {
        ToyChecks.requirePositive("the swiss roll's noise", noise);
    }

    /**
     * A spiral whose turns stay apart.
     *
     * @return noise 0.1
     */
    public static SwissRoll standard() {
        return new SwissRoll(0.1);
    }

    @Override
    public String id() {
        return "swiss-roll";
    }

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        double t = 1.5 * Math.PI * (1 + 2 * philox.uniform(2));
        into[0] = t * Angles.cos(t) / 5 + noise * philox.normal(0);
        into[1] = t * Angles.sin(t) / 5 + noise * philox.normal(1);
    }
}
