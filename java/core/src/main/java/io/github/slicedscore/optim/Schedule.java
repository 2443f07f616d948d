package io.github.slicedscore.optim;

/** The learning rate as a function of the step, as a value. */
public sealed interface Schedule permits Schedule.Constant, Schedule.Cosine, Schedule.WarmUp {
    /**
     * The rate of a step.
     *
     * @param step 0 for the first
     * @return the learning rate, not negative
     */
    double rate(long step);

    /**
     * The same rate throughout.
     *
     * @param rate learning rate, positive
     */
    record Constant(double rate) implements Schedule {
        /** Checks the rate. */
        public Constant {
            requireRate(rate);
        }

        @Override
        public double rate(long step) {
            return rate;
        }
    }

    /**
     * Half a cosine from the peak to zero (Loshchilov and Hutter 2017, equation 5, without restarts):
     * peak/2 (1 + cos(pi step / steps)), and zero afterwards.
     *
     * @param peak learning rate of step 0, positive
     * @param steps length of the descent, at least 1
     */
    record Cosine(double peak, long steps) implements Schedule {
        /** Checks the rate and the length. */
        public Cosine {
            requireRate(peak);
            requireSteps(steps);
        }

        @Override
        public double rate(long step) {
            if (step >= steps) {
                return 0;
            }
            // (1 + cos 2t) / 2 = cos^2 t, by arguments below a quarter of pi, where no JVM's StrictMath allocates.
            double part = (double) step / steps;
            double root =
                    part < 0.5 ? StrictMath.cos(0.5 * Math.PI * part) : StrictMath.sin(0.5 * Math.PI * (1 - part));
            return peak * root * root;
        }
    }

    /**
     * A linear rise over the first steps, multiplied into another schedule: (step + 1) / steps up to step = steps - 1.
     *
     * @param steps length of the rise, at least 1
     * @param after the schedule that is warmed up
     */
    record WarmUp(long steps, Schedule after) implements Schedule {
        /** Checks the length. */
        public WarmUp {
            requireSteps(steps);
        }

        @Override
        public double rate(long step) {
            double factor = step + 1 >= steps ? 1 : (step + 1.0) / steps;
            return factor * after.rate(step);
        }
    }

    private static void requireRate(double rate) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("a learning rate is a positive number, not " + rate);
        }
    }

    private static void requireSteps(long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("a schedule has at least one step, not " + steps);
        }
    }
}
