package io.github.slicedscore.backend;

import java.util.Arrays;

/**
 * What each of some steps found, in their order. One object takes the results of one call after another, so that steps leave
 * nothing for the garbage collector. Owned by one thread.
 */
public final class StepResults {
    private static final int FIRST_CAPACITY = 32;

    private long[] steps = new long[FIRST_CAPACITY];
    private double[] losses = new double[FIRST_CAPACITY];
    private double[] gradientNorms = new double[FIRST_CAPACITY];
    private int size;

    /** Holds nothing yet. */
    public StepResults() {}

    /** Forgets what it holds. */
    public void clear() {
        size = 0;
    }

    /**
     * Adds a step's result behind the others.
     *
     * @param step updates done, this one included
     * @param loss mean loss over the step's batch
     * @param gradientNorm global norm of the mean gradient, before clipping
     */
    public void add(long step, double loss, double gradientNorm) {
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, 2 * size);
            losses = Arrays.copyOf(losses, 2 * size);
            gradientNorms = Arrays.copyOf(gradientNorms, 2 * size);
        }
        steps[size] = step;
        losses[size] = loss;
        gradientNorms[size] = gradientNorm;
        size++;
    }

    /**
     * How many there are.
     *
     * @return 0 for an empty one
     */
    public int size() {
        return size;
    }

    /**
     * Mean loss of a step.
     *
     * @param index which, from 0
     * @return loss over the step's batch
     */
    public double loss(int index) {
        return losses[checked(index)];
    }

    /**
     * Gradient norm of a step.
     *
     * @param index which, from 0
     * @return global norm of the mean gradient, before clipping
     */
    public double gradientNorm(int index) {
        return gradientNorms[checked(index)];
    }

    /**
     * A step's result as an object.
     *
     * @param index which, from 0
     * @return a copy
     */
    public StepResult get(int index) {
        return new StepResult(steps[checked(index)], losses[index], gradientNorms[index]);
    }

    private int checked(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("result " + index + " of " + size);
        }
        return index;
    }
}
