package io.github.slicedscore.internal.cpu;

/** A loss of s alone, sample by sample. */
interface PointLoss {
    /** Where random direction k of a sample goes. */
    float[] direction(int sample, int k);

    /** From the row [x, c] of the data to that which the network is asked at, in place. */
    default void prepare(int sample, float[] input) {}

    /**
     * The loss of a sample.
     *
     * @param sample which
     * @param input the row that the network was asked at
     * @param score s there
     * @param seed where dL/ds goes
     */
    double evaluate(int sample, float[] input, float[] score, float[] seed);
}
