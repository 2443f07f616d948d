package io.github.slicedscore.model;

import java.util.List;
import java.util.Optional;

/**
 * What a network is: a value that prints, compares and is stored in model files. It holds no parameters and evaluates
 * nothing.
 *
 * <p>The network's input is the row [x, c]: D modelled columns, then C condition columns. Derivatives are along x alone.
 */
public sealed interface Architecture permits ScoreMlp, EnergyMlp {
    /**
     * D, the number of modelled columns.
     *
     * @return at least 1
     */
    int dimension();

    /**
     * C, the number of condition columns: given, never differentiated.
     *
     * @return at least 0
     */
    int conditions();

    /**
     * Widths of the hidden layers, first to last; empty for an affine network.
     *
     * @return immutable list of positive widths
     */
    List<Integer> hidden();

    /**
     * The nonlinearity after every hidden layer; none after the last layer.
     *
     * @return the activation
     */
    Activation activation();

    /**
     * What the network has beside its layers.
     *
     * @return the options
     */
    MlpOptions options();

    /**
     * Levels of noise that the network knows.
     *
     * @return levels, and the last condition column is log sigma; empty for a network of one level
     */
    default Optional<NoiseLevels> noiseLevels() {
        return options().noiseLevels();
    }

    /**
     * Condition columns that the data have: the network's, without the log sigma that is not theirs.
     *
     * @return at least 0
     */
    default int givenColumns() {
        return conditions() - (noiseLevels().isPresent() ? 1 : 0);
    }

    /**
     * How many numbers the network returns: D for a score network, 1 for an energy network.
     *
     * @return at least 1
     */
    int outputs();

    /**
     * Length of an input row, D + C.
     *
     * @return at least 1
     */
    default int inputs() {
        return dimension() + conditions();
    }

    /**
     * Widths of all layers, input and output included: [D + C + twice the Fourier features, hidden..., outputs].
     *
     * @return a new array of at least two widths
     */
    default int[] widths() {
        int[] widths = new int[hidden().size() + 2];
        widths[0] = inputs()
                + options().fourier().map(fourier -> 2 * fourier.count()).orElse(0);
        for (int i = 0; i < hidden().size(); i++) {
            widths[i + 1] = hidden().get(i);
        }
        widths[widths.length - 1] = outputs();
        return widths;
    }
}
