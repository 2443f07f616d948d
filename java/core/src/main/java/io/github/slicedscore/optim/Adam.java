package io.github.slicedscore.optim;

/**
 * Adam: with gradient g at update t = 1, 2, ... and rate r,
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
 * p = p - r * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <h2>References</h2>
 * <ol>
 * <li>D. Kingma, J. Ba. Adam: a method for stochastic optimization. ICLR 2015, Algorithm 1.</li>
 * </ol>
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    /** Checks the ranges. */
    public Adam {
        Optimizer.requireValid(beta1, beta2, epsilon);
    }

    /** The usual settings: 0.9, 0.999, 1e-8. */
    public Adam() {
        this(0.9, 0.999, 1e-8);
    }

    @Override
    public double weightDecay() {
        return 0;
    }
}
