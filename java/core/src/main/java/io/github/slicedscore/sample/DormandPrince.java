package io.github.slicedscore.sample;

/**
 * Dormand and Prince's embedded Runge-Kutta method of order 5(4), for many rows that share their steps: dy/dt = f(t, y).
 *
 * <p>With y1 the end of a step h by the method of order 5 and e its difference to that of order 4, the step is taken if for
 * every row the root mean square over its columns of
 *
 * <pre>e / (absolute + relative max(|y|, |y1|))</pre>
 *
 * <p>is at most 1; E being the largest of all rows, the next step is 0.9 E^(-1/5) h, between h/5 and 5 h, and no longer than h
 * after a step that was not taken. The last stage of a step is the first of the next, so a step costs six evaluations.
 *
 * <h2>References</h2>
 * <ol>
 * <li>J. Dormand, P. Prince. A family of embedded Runge-Kutta formulae. Journal of Computational and Applied Mathematics
 *     1980.</li>
 * <li>E. Hairer, S. Norsett, G. Wanner. Solving ordinary differential equations I. 1993, sections II.4 and II.5.</li>
 * </ol>
 */
final class DormandPrince {
    /** f. */
    interface Field {
        /**
         * The derivatives of all rows.
         *
         * @param state [rows, width]
         * @param into where f(t, state) goes
         */
        void derivative(double t, double[] state, double[] into);
    }

    private static final double[] NODES = {0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1};
    private static final double[][] STAGES = {
        {},
        {1 / 5.0},
        {3 / 40.0, 9 / 40.0},
        {44 / 45.0, -56 / 15.0, 32 / 9.0},
        {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
        {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
        {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0},
    };

    /** Weights of order 5 less those of order 4. */
    private static final double[] ERROR = {
        71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
    };

    private static final double FIRST_STEP = 0.01;
    private static final double SHORTEST_STEP = 1e-9;

    private final double relative;
    private final double absolute;
    private final int width;
    private int evaluations;

    /**
     * A method for rows.
     *
     * @param width columns of a row
     */
    DormandPrince(double relative, double absolute, int width) {
        this.relative = relative;
        this.absolute = absolute;
        this.width = width;
    }

    /** How often the field was evaluated. */
    int evaluations() {
        return evaluations;
    }

    /**
     * Integrates from one time to another, either way.
     *
     * @param state [rows, width], moved in place
     * @throws SamplingException if the steps become too short to go on
     */
    void integrate(Field field, double from, double to, double[] state) {
        double length = to - from;
        double[][] stages = new double[NODES.length][state.length];
        double[] next = new double[state.length];
        double done = 0;
        double step = FIRST_STEP;
        double growth = 5;
        evaluate(field, from, state, stages[0]);
        while (done < 1) {
            // A remainder that rounding left is no step of its own.
            step = done + 1.001 * step >= 1 ? 1 - done : step;
            for (int stage = 1; stage < NODES.length; stage++) {
                combine(state, stages, STAGES[stage], step * length, next);
                evaluate(field, from + (done + NODES[stage] * step) * length, next, stages[stage]);
            }
            double error = error(state, next, stages, step * length);
            double change = error > 0 ? 0.9 * Math.pow(error, -0.2) : 5;
            if (error <= 1) {
                done = step == 1 - done ? 1 : done + step;
                System.arraycopy(next, 0, state, 0, state.length);
                System.arraycopy(stages[NODES.length - 1], 0, stages[0], 0, state.length);
                step *= Math.max(0.2, Math.min(growth, change));
                growth = 5;
            } else {
                // NaN, of a score that is none, comes here too.
                step *= error > 1 ? Math.max(0.2, change) : 0.2;
                growth = 1;
                if (step < SHORTEST_STEP) {
                    throw new SamplingException("the flow can't be followed to within its tolerance, relative "
                            + relative
                            + " and absolute " + absolute + ": the score is not finite or not smooth at log sigma = "
                            + (from + done * length) + "; widen the tolerance");
                }
            }
        }
    }

    private void evaluate(Field field, double t, double[] state, double[] into) {
        field.derivative(t, state, into);
        evaluations++;
    }

    private static void combine(double[] state, double[][] stages, double[] weights, double step, double[] into) {
        for (int i = 0; i < state.length; i++) {
            double sum = 0;
            for (int stage = 0; stage < weights.length; stage++) {
                sum += weights[stage] * stages[stage][i];
            }
            into[i] = state[i] + step * sum;
        }
    }

    private double error(double[] state, double[] next, double[][] stages, double step) {
        double largest = 0;
        for (int from = 0; from < state.length; from += width) {
            double square = 0;
            for (int i = from; i < from + width; i++) {
                double sum = 0;
                for (int stage = 0; stage < ERROR.length; stage++) {
                    sum += ERROR[stage] * stages[stage][i];
                }
                double scale = absolute + relative * Math.max(Math.abs(state[i]), Math.abs(next[i]));
                double scaled = step * sum / scale;
                square += scaled * scaled;
            }
            // Math.max keeps NaN.
            largest = Math.max(largest, Math.sqrt(square / width));
        }
        return largest;
    }
}
