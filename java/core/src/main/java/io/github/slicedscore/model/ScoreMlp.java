package io.github.slicedscore.model;

import java.util.List;

/**
 * A multilayer perceptron R^(D+C) -&gt; R^D that is the score itself: s(x) = net([x, c]), s meant to be grad log p(x | c).
 *
 * <p>It needs fewer streams than an energy and is the faster model; its field need not be a gradient, and it has no density.
 *
 * <p>With noise levels the last condition is log sigma, and s(x, sigma), meant to be grad log p_sigma(x | c), is
 *
 * <pre>s(x, sigma) = -x / (1 + sigma^2) + net([x / r, c, log sigma]) / (sigma r),      r = (1 + sigma^2)^(1/2)</pre>
 *
 * <p>which is the score of noised standard normal data for net = 0; input and target of the network have the size 1 at every
 * level.
 *
 * <h2>References</h2>
 * <ol>
 * <li>T. Karras, M. Aittala, T. Aila, S. Laine. Elucidating the design space of diffusion-based generative models. NeurIPS
 *     2022, table 1, for data of deviation 1.
 * </ol>
 *
 * @param dimension D, number of modelled columns
 * @param conditions C, number of condition columns, log sigma included
 * @param hidden widths of the hidden layers; may be empty
 * @param activation nonlinearity between layers
 * @param options what it has beside its layers
 */
public record ScoreMlp(int dimension, int conditions, List<Integer> hidden, Activation activation, MlpOptions options)
        implements Mlp {
    /** Checks the sizes. */
    public ScoreMlp {
        hidden = MlpChecks.check(dimension, conditions, hidden, options);
    }

    /**
     * A perceptron of layers alone.
     *
     * @param dimension D, number of modelled columns
     * @param conditions C, number of condition columns
     * @param hidden widths of the hidden layers; may be empty
     * @param activation nonlinearity between layers
     */
    public ScoreMlp(int dimension, int conditions, List<Integer> hidden, Activation activation) {
        this(dimension, conditions, hidden, activation, MlpOptions.NONE);
    }

    @Override
    public String kind() {
        return "score";
    }

    @Override
    public boolean isEnergy() {
        return false;
    }

    @Override
    public int outputs() {
        return dimension;
    }
}
