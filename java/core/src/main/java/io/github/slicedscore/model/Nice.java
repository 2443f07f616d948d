package io.github.slicedscore.model;

import java.util.List;

/**
 * NICE: a log-density that is known with its constant, of an invertible map made of additive couplings and a scale:
 *
 * <pre>
 * h^0     = x with its even columns first, then its odd ones
 * h^k     = (h_b, h_a + m_k(h_b)),      k = 1 .. K: the second part of h^(k-1), then the first, moved by a perceptron of it
 * f(x)    = log p(x) = sum_i [ log p_H(exp(t_i) h^K_i) + t_i ]
 * </pre>
 *
 * <p>Samples are the inverse map of samples of the prior p_H. Its tensors are those of each m_k, {@code
 * couplings.K.layers.I.weight} and {@code .bias}, then {@code log_scale} (t, [D]).
 *
 * <h2>References</h2>
 * <ol>
 * <li>L. Dinh, D. Krueger, Y. Bengio. NICE: Non-linear independent components estimation. ICLR workshop 2015.
 * </ol>
 *
 * @param dimension D, number of modelled columns, at least 2
 * @param hidden widths of the hidden layers of each coupling's perceptron
 * @param activation nonlinearity between their layers
 * @param couplings K, number of couplings
 * @param prior the distribution of each number of h
 */
public record Nice(int dimension, List<Integer> hidden, Activation activation, int couplings, Prior prior)
        implements Architecture {
    private static final int MOST_COUPLINGS = 1000;

    /** The distribution of each number that the map ends in. */
    public enum Prior {
        /** Standard normal. */
        NORMAL("normal"),
        /** Standard logistic, of variance pi^2 / 3. */
        LOGISTIC("logistic");

        private final String id;

        Prior(String id) {
            this.id = id;
        }

        /**
         * The name in files and on the command line.
         *
         * @return lower-case name
         */
        public String id() {
            return id;
        }
    }

    /** Checks the sizes. */
    public Nice {
        hidden = MlpChecks.check(dimension, 0, hidden, MlpOptions.NONE);
        if (dimension < 2) {
            throw new IllegalArgumentException(
                    "a coupling moves one part of the columns by the other, so there are two or" + " more of them, not "
                            + dimension);
        }
        if (couplings < 1 || couplings > MOST_COUPLINGS) {
            throw new IllegalArgumentException("there are 1 to " + MOST_COUPLINGS + " couplings, not " + couplings);
        }
    }

    @Override
    public String kind() {
        return "nice";
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

    @Override
    public boolean isNormalized() {
        return true;
    }

    /**
     * Widths of all layers of a coupling's perceptron.
     *
     * @param coupling 0 for the first
     * @return a new array: the numbers that it sees, hidden widths, the numbers that it moves
     */
    public int[] widths(int coupling) {
        int odd = dimension / 2;
        int sees = coupling % 2 == 0 ? odd : dimension - odd;
        return MlpChecks.widths(sees, hidden, dimension - sees);
    }

    @Override
    public ParameterLayout layout() {
        ParameterLayout.Builder layout = ParameterLayout.builder();
        for (int k = 0; k < couplings; k++) {
            layout.addPerceptron("couplings." + k + ".", widths(k));
        }
        return layout.add("log_scale", dimension).build();
    }
}
