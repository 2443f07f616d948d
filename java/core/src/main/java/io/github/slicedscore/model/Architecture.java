package io.github.slicedscore.model;

import java.util.List;
import java.util.Optional;

/**
 * What a network is: a value that prints, compares and is stored in model files. It holds no parameters and evaluates
 * nothing.
 *
 * <p>The network's input is the row [x, c]: D modelled columns, then C condition columns. Derivatives are along x alone.
 */
public sealed interface Architecture permits Mlp, DeepKernelEnergy, Nice {
    /**
     * What kind of network it is, as model files and commands say it.
     *
     * @return "score", "energy", "dkef" or "nice"
     */
    String kind();

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
     * Widths of the hidden layers of its perceptrons, first to last; empty for affine ones.
     *
     * @return immutable list of positive widths
     */
    List<Integer> hidden();

    /**
     * The nonlinearity after every hidden layer of its perceptrons; none after the last layer.
     *
     * @return the activation
     */
    Activation activation();

    /**
     * Levels of noise that the network knows.
     *
     * @return levels, and the last condition column is log sigma; empty for a network of one level
     */
    default Optional<NoiseLevels> noiseLevels() {
        return Optional.empty();
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
     * Whether the network is a log-density f, up to a constant, and its score the gradient; else it is the score itself.
     *
     * @return true for energies
     */
    boolean isEnergy();

    /**
     * Whether f is the log-density with its constant, so that exp f integrates to 1.
     *
     * @return true for flows; false where f is known up to a constant, and for score networks
     */
    default boolean isNormalized() {
        return false;
    }

    /**
     * Where each of its tensors stands among its parameters.
     *
     * @return the layout
     * @throws IllegalArgumentException if there are 2^31 parameters or more
     */
    ParameterLayout layout();
}
