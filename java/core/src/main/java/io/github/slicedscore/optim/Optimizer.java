package io.github.slicedscore.optim;

/** A first-order update rule, as a value. */
public sealed interface Optimizer permits Adam, AdamW {
    /**
     * Decay of the first moment.
     *
     * @return beta1, in [0, 1)
     */
    double beta1();

    /**
     * Decay of the second moment.
     *
     * @return beta2, in [0, 1)
     */
    double beta2();

    /**
     * Added to the root of the second moment.
     *
     * @return positive number
     */
    double epsilon();

    /**
     * Decoupled weight decay: each step multiplies the parameters by 1 - rate * decay.
     *
     * @return 0 where the rule has none
     */
    double weightDecay();

    /**
     * Throws unless the settings that all rules share are in range.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root
     * @throws IllegalArgumentException naming the number that is out of range
     */
    static void requireValid(double beta1, double beta2, double epsilon) {
        if (!(beta1 >= 0 && beta1 < 1)) {
            throw new IllegalArgumentException("beta1 is in [0, 1), not " + beta1);
        }
        if (!(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("beta2 is in [0, 1), not " + beta2);
        }
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException("epsilon is a positive number, not " + epsilon);
        }
    }
}
