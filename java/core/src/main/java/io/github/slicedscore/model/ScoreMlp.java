package io.github.slicedscore.model;

import java.util.List;

/**
 * A multilayer perceptron R^(D+C) -&gt; R^D that is the score itself: s(x) = net([x, c]), s meant to be grad log p(x | c).
 *
 * <p>It needs fewer streams than an energy and is the faster model; its field need not be a gradient, and it has no density.
 *
 * @param dimension D, number of modelled columns
 * @param conditions C, number of condition columns
 * @param hidden widths of the hidden layers; may be empty
 * @param activation nonlinearity between layers
 */
public record ScoreMlp(int dimension, int conditions, List<Integer> hidden, Activation activation)
        implements Architecture {
    /** Checks the sizes. */
    public ScoreMlp {
        hidden = MlpChecks.check(dimension, conditions, hidden);
    }

    @Override
    public int outputs() {
        return dimension;
    }
}
