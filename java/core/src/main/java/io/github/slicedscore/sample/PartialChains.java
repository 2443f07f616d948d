package io.github.slicedscore.sample;

import java.util.OptionalDouble;

/**
 * Chains of which some columns walk while the others stand still, so that they draw the former given the latter. Mutable, for one
 * thread.
 */
interface PartialChains {
    /** Where the chains stand, [chains, D] row-major; the array itself. */
    double[] points();

    /** Brings the chains from where they start to the distribution, and fixes the steps. */
    void warmUp(int transitions);

    /** Moves the chains on; after the warm-up. */
    void advance(int transitions);

    /** How many states of a chain to keep, of so many asked for: 1 where it stays for long where it comes down. */
    int states(int draws);

    /** Whether R-hat judges the states of a chain: chains that begin apart and are not corrected need not mix each by itself. */
    boolean mixes();

    /** Mean probability to accept since the warm-up, of those that reject. */
    OptionalDouble acceptance();
}
