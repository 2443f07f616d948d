package io.github.slicedscore.sample;

/**
 * Finds the step at which proposals are accepted with a target probability delta, by Nesterov's dual averaging: after the
 * transition with acceptance a_t,
 *
 * <pre>
 * H_t         = (1 - 1/(t + t0)) H_{t-1} + (delta - a_t)/(t + t0)
 * log e_t     = mu - sqrt(t)/gamma H_t
 * log ebar_t  = t^-kappa log e_t + (1 - t^-kappa) log ebar_{t-1}
 * </pre>
 *
 * <p>with gamma = 0.05, t0 = 10, kappa = 0.75 and mu = log(10 e_0). Every step of the warm-up is e_t; ebar is the result.
 *
 * <h2>References</h2>
 * <ol>
 * <li>M. Hoffman, A. Gelman. The No-U-Turn sampler. JMLR 2014, equation 6 and algorithm 5.</li>
 * </ol>
 */
final class DualAveraging {
    private static final double GAMMA = 0.05;
    private static final double T0 = 10;
    private static final double KAPPA = 0.75;

    private final double target;
    private final double mu;
    private double error;
    private double logStep;
    private double logAverage;
    private int updates;

    DualAveraging(double firstStep, double target) {
        this.target = target;
        mu = Math.log(10 * firstStep);
        logStep = Math.log(firstStep);
    }

    /** Takes account of a transition done with {@link #step}. */
    void update(double acceptance) {
        updates++;
        double weight = 1 / (updates + T0);
        error = (1 - weight) * error + weight * (target - acceptance);
        logStep = mu - Math.sqrt(updates) / GAMMA * error;
        double share = Math.pow(updates, -KAPPA);
        logAverage = share * logStep + (1 - share) * logAverage;
    }

    /** The step to try next; positive, however long nothing was accepted. */
    double step() {
        return Math.max(Double.MIN_NORMAL, Math.exp(logStep));
    }

    /** The averaged step: what was found. At least one update is needed. */
    double average() {
        return Math.max(Double.MIN_NORMAL, Math.exp(logAverage));
    }
}
