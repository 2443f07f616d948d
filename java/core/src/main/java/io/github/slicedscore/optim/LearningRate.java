package io.github.slicedscore.optim;

/**
 * How the learning rate runs over a training of yet unknown length.
 *
 * @param peak largest rate, positive
 * @param shape constant, or falling to zero by half a cosine
 * @param warmUp steps of linear rise at the start, 0 for none
 */
public record LearningRate(double peak, Shape shape, long warmUp) {
    /** What the rate does after the warm-up. */
    public enum Shape {
        /** It stays. */
        CONSTANT("constant"),
        /** It falls to zero by half a cosine. */
        COSINE("cosine");

        private final String id;

        Shape(String id) {
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

    /** Checks the ranges. */
    public LearningRate {
        if (!(peak > 0) || Double.isInfinite(peak)) {
            throw new IllegalArgumentException("a learning rate is a positive number, not " + peak);
        }
        if (warmUp < 0) {
            throw new IllegalArgumentException("the warm-up has 0 steps or more, not " + warmUp);
        }
    }

    /**
     * The schedule of a run.
     *
     * @param steps the run's length, at least 1
     * @return the rate as a function of the step
     */
    public Schedule over(long steps) {
        Schedule base = shape == Shape.COSINE ? new Schedule.Cosine(peak, steps) : new Schedule.Constant(peak);
        return warmUp == 0 ? base : new Schedule.WarmUp(warmUp, base);
    }
}
