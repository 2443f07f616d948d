package io.github.slicedscore.model;

import java.util.List;

/**
 * A deep kernel exponential family (DKEF): an unnormalised log-density that is linear in Gaussian kernels between learned
 * features of x and of inducing points, over a Gaussian base:
 *
 * <pre>
 * f(x)      = -|x|^2 / (2 s0^2) + sum_l alpha_l kappa_l(x)
 * kappa_l   = sum_r rho_r exp(-|phi_r(x) - phi_r(z_l)|^2 / (2 10^b_r)),      rho = softmax(mixture logits)
 * phi_r(x)  = net_r(x) + S_r x
 * </pre>
 *
 * <p>The coefficients alpha are the minimiser of a score-matching loss, quadratic in them, on some rows, with a regulariser 10^g
 * |alpha|^2 / 2: a solve of L equations that the training of all else, g included, is differentiated through. Its tensors are,
 * for every r, those of the perceptron, {@code features.R.layers.I.weight} and {@code .bias}, and {@code features.R.skip.weight}
 * (S_r, [F, D]); then {@code inducing_points} (z, [L, D]), {@code log_bandwidth} (b, [R]), {@code mixture_logits} ([R]), {@code
 * log_regularizer} (g, [1]) and {@code coefficients} (alpha, [L]).
 *
 * <h2>References</h2>
 * <ol>
 * <li>L. Wenliang, D. J. Sutherland, H. Strathmann, A. Gretton. Learning deep kernels for exponential family densities. ICML
 *     2019, sections 3 and 4.
 * </ol>
 *
 * @param dimension D, number of modelled columns
 * @param hidden widths of the hidden layers of each feature network
 * @param activation nonlinearity between their layers
 * @param features F, number of features of each
 * @param kernels R, number of kernels, each with features of its own
 * @param inducing L, number of inducing points
 * @param base s0, standard deviation of the Gaussian base in the units of x
 */
public record DeepKernelEnergy(
        int dimension,
        List<Integer> hidden,
        Activation activation,
        int features,
        int kernels,
        int inducing,
        double base)
        implements Architecture {
    private static final int MOST_KERNELS = 1000;

    /** Checks the sizes. */
    public DeepKernelEnergy {
        hidden = MlpChecks.check(dimension, 0, hidden, MlpOptions.NONE);
        if (features < 1 || kernels < 1 || inducing < 1) {
            throw new IllegalArgumentException(
                    "a deep kernel energy has at least one feature, one kernel and one inducing point, not " + features
                            + ", " + kernels + " and " + inducing);
        }
        if (kernels > MOST_KERNELS) {
            throw new IllegalArgumentException("there are 1 to " + MOST_KERNELS + " kernels, not " + kernels);
        }
        if (!(base > 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("the base's standard deviation is a positive number, not " + base
                    + ": kernels alone have no integral");
        }
    }

    @Override
    public String kind() {
        return "dkef";
    }

    @Override
    public int conditions() {
        return 0;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public boolean isEnergy() {
        return true;
    }

    /**
     * Widths of all layers of each feature network's perceptron: [D, hidden..., F].
     *
     * @return a new array
     */
    public int[] widths() {
        return MlpChecks.widths(dimension, hidden, features);
    }

    @Override
    public ParameterLayout layout() {
        ParameterLayout.Builder layout = ParameterLayout.builder();
        for (int r = 0; r < kernels; r++) {
            layout.addPerceptron("features." + r + ".", widths());
            layout.add("features." + r + ".skip.weight", features, dimension);
        }
        return layout.add("inducing_points", inducing, dimension)
                .add("log_bandwidth", kernels)
                .add("mixture_logits", kernels)
                .add("log_regularizer", 1)
                .add("coefficients", inducing)
                .build();
    }
}
