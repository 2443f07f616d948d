package io.github.slicedscore.sample;

import java.util.Arrays;

/** States of chains, in the order in which they were drawn. Immutable. */
public final class Trace {
    private final double[] values;
    private final int draws;
    private final int chains;
    private final int dimension;

    /**
     * A trace of a flat array.
     *
     * @param values [draws, chains, D] row-major; copied
     * @param draws states of each chain
     * @param chains number of chains
     * @param dimension D
     * @throws IllegalArgumentException if the numbers are not positive or do not fit the array
     */
    public Trace(double[] values, int draws, int chains, int dimension) {
        if (draws < 1 || chains < 1 || dimension < 1 || values.length != (long) draws * chains * dimension) {
            throw new IllegalArgumentException(draws + " draws of " + chains + " chains in " + dimension
                    + " dimensions (at least 1 of each) are " + (long) draws * chains * dimension + " numbers, not "
                    + values.length);
        }
        this.values = values.clone();
        this.draws = draws;
        this.chains = chains;
        this.dimension = dimension;
    }

    /**
     * States of each chain.
     *
     * @return at least 1
     */
    public int draws() {
        return draws;
    }

    /**
     * Number of chains.
     *
     * @return at least 1
     */
    public int chains() {
        return chains;
    }

    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    public int dimension() {
        return dimension;
    }

    /**
     * One number.
     *
     * @param draw 0 .. draws-1
     * @param chain 0 .. chains-1
     * @param column 0 .. D-1
     * @return the value
     */
    public double value(int draw, int chain, int column) {
        return values[(draw * chains + chain) * dimension + column];
    }

    /**
     * The last states, of all chains together.
     *
     * @param count how many, at most draws times chains
     * @return points, [count, D] row-major: draw after draw, and chain after chain within a draw
     */
    public double[] last(int count) {
        if (count < 0 || count > draws * chains) {
            throw new IllegalArgumentException(draws + " draws of " + chains + " chains have no " + count + " states");
        }
        return Arrays.copyOfRange(values, values.length - count * dimension, values.length);
    }
}
