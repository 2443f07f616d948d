package io.github.slicedscore.backend;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import java.util.Arrays;

/**
 * What a run is at a step: with the same spec and rows it continues bit for bit from here.
 *
 * @param step updates done so far
 * @param parameters flat, in the order of {@link ParameterLayout}
 * @param firstMoment Adam's m, in the same order
 * @param secondMoment Adam's v, in the same order
 * @param average moving average of the parameters, in the same order; equal to the parameters where the spec has none
 */
public record TrainingState(long step, float[] parameters, float[] firstMoment, float[] secondMoment, float[] average) {
    /** Of a parameter: itself, its two moments, its average, and the one that it starts from. */
    private static final double BYTES = 5 * Float.BYTES;

    /** Checks that the lengths agree. */
    public TrainingState {
        int size = parameters.length;
        if (step < 0 || firstMoment.length != size || secondMoment.length != size || average.length != size) {
            throw new IllegalArgumentException("a training state at step " + step + " has arrays of one length, not "
                    + size + ", " + firstMoment.length + ", " + secondMoment.length + ", " + average.length);
        }
    }

    /**
     * The start of a run: parameters initialised from the seed, moments zero.
     *
     * @param architecture the network
     * @param seed the run's seed
     * @return the state at step 0
     * @throws OutOfHeapException if the heap cannot hold it
     */
    public static TrainingState initial(Architecture architecture, long seed) {
        requireHeap(architecture);
        return at(Parameters.initialize(architecture, seed));
    }

    private static void requireHeap(Architecture architecture) {
        int size = ParameterLayout.of(architecture).size();
        OutOfHeapException.require(
                "the state of a training of " + size + " parameters", BYTES * size, "make the layers narrower");
    }

    /**
     * The start of a run on rows: parameters initialised from the seed, and from the rows those that are among them, moments zero.
     *
     * @param architecture the network
     * @param seed the run's seed
     * @param rows the training rows
     * @return the state at step 0
     * @throws OutOfHeapException if the heap cannot hold it
     */
    public static TrainingState initial(Architecture architecture, long seed, TrainingRows rows) {
        requireHeap(architecture);
        return at(Parameters.initialize(architecture, seed, rows));
    }

    /**
     * A start from given parameters, moments zero.
     *
     * @param parameters where to start
     * @return the state at step 0
     */
    public static TrainingState at(Parameters parameters) {
        int size = parameters.size();
        return new TrainingState(0, parameters.toArray(), new float[size], new float[size], parameters.toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingState that
                && step == that.step
                && Arrays.equals(parameters, that.parameters)
                && Arrays.equals(firstMoment, that.firstMoment)
                && Arrays.equals(secondMoment, that.secondMoment)
                && Arrays.equals(average, that.average);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(step) + Arrays.hashCode(parameters);
    }

    @Override
    public String toString() {
        return "TrainingState[step=" + step + ", parameters=" + parameters.length + "]";
    }
}
