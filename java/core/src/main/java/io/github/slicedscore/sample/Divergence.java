package io.github.slicedscore.sample;

/** How the trace of the score's Jacobian is found along a flow. */
public sealed interface Divergence permits Divergence.Exact, Divergence.Hutchinson {
    /** The trace itself: D Jacobian-vector products for each evaluation of the score. */
    record Exact() implements Divergence {}

    /**
     * Hutchinson's estimate, the mean of v.J v over Rademacher probes v, which stay the same along the whole path of a row; so
     * a row's log-likelihood is the mean of one for each probe, and their spread gives its standard error.
     *
     * <p>References: M. Hutchinson. A stochastic estimator of the trace of the influence matrix. Communications in Statistics
     * 1990; W. Grathwohl et al. FFJORD. ICLR 2019, section 3.1.
     *
     * @param probes number of probes for each row, at least 2: Jacobian-vector products for each evaluation of the score
     * @param seed key of the probes
     */
    record Hutchinson(int probes, long seed) implements Divergence {
        /** Checks the number. */
        public Hutchinson {
            if (probes < 2) {
                throw new IllegalArgumentException(
                        "Hutchinson's estimate takes at least 2 probes, which a standard error needs, not " + probes);
            }
        }
    }
}
