package io.github.slicedscore.optim;

/**
 * {@link Adam} with decoupled weight decay: before Adam's update every parameter, biases included, is multiplied by
 * 1 - rate * weightDecay.
 *
 * <h2>References</h2>
 * <ol>
 * <li>I. Loshchilov, F. Hutter. Decoupled weight decay regularization. ICLR 2019, Algorithm 2.</li>
 * </ol>
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decay per unit of learning rate, not negative
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    /** Checks the ranges. */
    public AdamW {
        Optimizer.requireValid(beta1, beta2, epsilon);
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("the weight decay is not negative and finite, not " + weightDecay);
        }
    }

    /**
     * The usual moments with a given decay.
     *
     * @param weightDecay decay per unit of learning rate
     */
    public AdamW(double weightDecay) {
        this(0.9, 0.999, 1e-8, weightDecay);
    }
}
