package io.github.slicedscore.model;

import java.util.List;

/**
 * A multilayer perceptron R^(D+C) -&gt; R that is an unnormalised log-density, with an optional Gaussian base:
 *
 * <pre>f(x) = log p~(x | c) = net([x, c]) - |x|^2 / (2 s0^2),      s(x) = grad f(x)      (no minus sign anywhere)</pre>
 *
 * <p>With noise levels the last condition is log sigma, f is the log-density of p_sigma, and the base is noised as the data
 * are:
 *
 * <pre>f(x, sigma) = net([x / r, c, log sigma]) - |x|^2 / (2 (s0^2 + sigma^2)),      r = (1 + sigma^2)^(1/2)</pre>
 *
 * @param dimension D, number of modelled columns
 * @param conditions C, number of condition columns, log sigma included
 * @param hidden widths of the hidden layers; may be empty
 * @param activation nonlinearity between layers
 * @param base s0, standard deviation of the Gaussian base in the units of x; 0 for none
 * @param options what it has beside its layers
 */
public record EnergyMlp(
        int dimension, int conditions, List<Integer> hidden, Activation activation, double base, MlpOptions options)
        implements Mlp {
    /** Checks the sizes. */
    public EnergyMlp {
        hidden = MlpChecks.check(dimension, conditions, hidden, options);
        if (!(base >= 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException(
                    "the base's standard deviation is 0 (none) or a positive number, not " + base);
        }
    }

    /**
     * A perceptron of layers alone.
     *
     * @param dimension D, number of modelled columns
     * @param conditions C, number of condition columns
     * @param hidden widths of the hidden layers; may be empty
     * @param activation nonlinearity between layers
     * @param base s0, standard deviation of the Gaussian base in the units of x; 0 for none
     */
    public EnergyMlp(int dimension, int conditions, List<Integer> hidden, Activation activation, double base) {
        this(dimension, conditions, hidden, activation, base, MlpOptions.NONE);
    }

    /**
     * 1 / s0^2, the factor in the base's score -x / s0^2 where there is no noise.
     *
     * @return 0 where there is no base
     */
    public double basePrecision() {
        return base == 0 ? 0 : 1 / (base * base);
    }

    @Override
    public String kind() {
        return "energy";
    }

    @Override
    public boolean isEnergy() {
        return true;
    }

    @Override
    public int outputs() {
        return 1;
    }
}
