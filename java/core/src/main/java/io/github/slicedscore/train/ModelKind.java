package io.github.slicedscore.train;

import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;

/** What kind of network is trained, and what is usual for it. */
public enum ModelKind {
    /** R^D -&gt; R, an unnormalised log-density whose gradient is the score. */
    ENERGY("energy", List.of(128, 128), 3, 1e-3, 128, 0),
    /** R^D -&gt; R^D, the score itself. */
    SCORE("score", List.of(128, 128), 3, 1e-3, 128, 0),
    /** A deep kernel energy: sizes, rate, batch and clipping of the experiments of Song et al. 2019. */
    DKEF("dkef", List.of(30, 30), 2, 1e-2, 200, 100),
    /** A flow of additive couplings, whose density is normalised. Unclipped, a training on images can lose all in a step. */
    NICE("nice", List.of(128, 128), 0, 1e-3, 128, 100);

    private final String id;
    private final List<Integer> hidden;
    private final double base;
    private final double rate;
    private final int batch;
    private final double clipNorm;

    ModelKind(String id, List<Integer> hidden, double base, double rate, int batch, double clipNorm) {
        this.id = id;
        this.hidden = hidden;
        this.base = base;
        this.rate = rate;
        this.batch = batch;
        this.clipNorm = clipNorm;
    }

    /**
     * The name in files and on the command line.
     *
     * @return lower-case name
     */
    public String id() {
        return id;
    }

    /**
     * Whether it is one perceptron, with the options of perceptrons: residual layers, Fourier features, conditions, noise levels.
     *
     * @return true of energies and scores
     */
    public boolean isPerceptron() {
        return this == ENERGY || this == SCORE;
    }

    /**
     * Whether the log-density has a Gaussian base.
     *
     * @return true of energies and deep kernel energies
     */
    public boolean hasBase() {
        return this == ENERGY || this == DKEF;
    }

    /**
     * What is usually minimised: SSM-VR with one Rademacher slice, or where the density has its constant, its likelihood.
     *
     * @return an objective
     */
    public Objective objective() {
        return this == NICE
                ? new MaximumLikelihood()
                : new VarianceReducedScoreMatching(new Slices(1, Projection.RADEMACHER));
    }

    /**
     * Usual widths of the hidden layers.
     *
     * @return first to last
     */
    public List<Integer> hidden() {
        return hidden;
    }

    /**
     * Usual standard deviation of the Gaussian base.
     *
     * @return in standardised units
     */
    public double base() {
        return base;
    }

    /**
     * Usual learning rate at its peak.
     *
     * @return a positive number
     */
    public double rate() {
        return rate;
    }

    /**
     * Usual batch.
     *
     * @return rows a step
     */
    public int batch() {
        return batch;
    }

    /**
     * Usual clipping.
     *
     * @return the largest norm of the gradient, 0 for no clipping
     */
    public double clipNorm() {
        return clipNorm;
    }
}
