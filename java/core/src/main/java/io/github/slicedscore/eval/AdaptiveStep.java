package io.github.slicedscore.eval;

/**
 * A leapfrog step that follows the acceptance of many chains, whose mean is hardly noisy:
 *
 * <pre>log e = log e + (acceptance - {@value #TARGET}) / 2</pre>
 */
final class AdaptiveStep {
    static final double TARGET = 0.8;
    private static final double RATE = 0.5;

    private double logStep;

    /** Begins with width D^(-1/4), which suits a normal distribution of that width. */
    AdaptiveStep(double width, int dimension) {
        logStep = Math.log(width) - 0.25 * Math.log(dimension);
    }

    double value() {
        return Math.exp(logStep);
    }

    void adapt(double acceptance) {
        logStep += RATE * (acceptance - TARGET);
    }
}
