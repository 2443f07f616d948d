package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;

/** By what rows are told to be unusual under a model. */
public enum AnomalyStatistic {
    /**
     * The log-density log p(x | c) in the units of the data: low is unusual. Energies only. Up to a constant for a model without
     * conditions; with conditions normalised, because an energy's constant is another for each, with an estimate
     * ({@link ImportanceSampling}) for at most 20 different ones.
     */
    LOG_DENSITY("log-density", false),

    /** The normalised log-likelihood by the probability flow: low is unusual. Models with noise levels only. */
    FLOW("flow", false),

    /**
     * The log-density less that at the columns' means, by the integral of the score along the straight line between them: low is
     * unusual. Score networks and energies of one distribution, without conditions.
     *
     * <pre>log p(x) - log p(m) = integral over t from 0 to 1 of   s(m + t (x - m)).(x - m)</pre>
     *
     * <p>The midpoint rule with 64 points. It is the log-density as far as the score learned is a gradient, and was learned well
     * along the line, which may lead through places without data.
     */
    PATH("path", false),

    /**
     * The norm of the score in standardised units, |s|: high is unusual, as far from the data the density falls steeply. Any
     * model. It is blind to a place that is improbable but flat, such as the middle of a ring.
     */
    SCORE_NORM("score-norm", true);

    private final String id;
    private final boolean highIsUnusual;

    AnomalyStatistic(String id, boolean highIsUnusual) {
        this.id = id;
        this.highIsUnusual = highIsUnusual;
    }

    /**
     * The name in options and tables.
     *
     * @return lower-case name
     */
    public String id() {
        return id;
    }

    /**
     * Which way it points.
     *
     * @return true if high values are unusual, false if low ones are
     */
    public boolean highIsUnusual() {
        return highIsUnusual;
    }

    /**
     * What suits a model: the best that it knows of its density.
     *
     * @param model of either kind
     * @return the log-density of energies, the flow of score networks with noise levels, the path of others, and the norm of
     *     others with conditions
     */
    public static AnomalyStatistic of(ScoreModel model) {
        if (model.hasDensity()) {
            return LOG_DENSITY;
        }
        if (model.noiseLevels().isPresent()) {
            return FLOW;
        }
        return model.conditions().isEmpty() ? PATH : SCORE_NORM;
    }
}
