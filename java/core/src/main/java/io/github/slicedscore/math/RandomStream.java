package io.github.slicedscore.math;

/** What a random number is for: the tag in the upper byte of {@link Philox}'s third counter word keeps the uses independent. */
public enum RandomStream {
    /** Projection directions of sliced objectives. */
    SLICES(1),
    /** Noise of denoising objectives. */
    NOISE(2),
    /** Noise levels of multi-level objectives. */
    LEVELS(3),
    /** Samplers' noise and starting points. */
    SAMPLER(4),
    /** Starting values of parameters. */
    INITIALIZATION(5),
    /** Uniform noise that undoes the rounding of a column. */
    DEQUANTIZATION(6),
    /** Gaussian noise added to every batch. */
    SMOOTHING(7),
    /** Splitting of data into training and validation rows. */
    SPLIT(8),
    /** Draws from toy distributions. */
    TOY(9),
    /** Momenta of Hamiltonian Monte Carlo. */
    MOMENTA(10),
    /** Whether a Metropolis proposal is taken, and how long its steps are. */
    ACCEPTANCE(11),
    /** Probes of Hutchinson's estimate of a trace. */
    PROBES(12),
    /** Draws from the proposal of importance sampling. */
    PROPOSAL(13),
    /** Bootstraps, permutations and splits of statistical tests, and the choice of the rows that one sees. */
    RESAMPLING(14),
    /** Starts of clusterings, and the folds and rows that baselines are fitted to. */
    CLUSTERING(15),
    /** Starting points of annealed importance sampling. */
    ANNEALING(16);

    private final int tag;

    RandomStream(int tag) {
        this.tag = tag;
    }

    /**
     * The tag.
     *
     * @return 1 to 255, fixed for a {@link Philox#LAYOUT layout}
     */
    public int tag() {
        return tag;
    }
}
