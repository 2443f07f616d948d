package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.math.Cholesky;
import org.jspecify.annotations.Nullable;

/** Solves with G + lambda of a {@link CoefficientSystem}. */
final class CoefficientSolver {
    /** The logarithm of 10. */
    static final double LN_10 = 2.302585092994046;

    /** Steps that {@link #tuned} takes, and Adam's numbers there. */
    private static final int STEPS = 1000;

    private static final double RATE = 1e-3;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final Cholesky factor;

    private CoefficientSolver(Cholesky factor) {
        this.factor = factor;
    }

    /**
     * A solver.
     *
     * @param matrix G
     * @param lambda what is added to its diagonal
     * @return null if the sum is not positive definite, or not finite
     */
    static @Nullable CoefficientSolver of(double[][] matrix, double lambda) {
        double[][] sum = new double[matrix.length][];
        for (int k = 0; k < sum.length; k++) {
            sum[k] = matrix[k].clone();
            sum[k][k] += lambda;
        }
        try {
            return new CoefficientSolver(new Cholesky(sum));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** alpha = -(G + lambda)^-1 b, which minimises alpha.(G + lambda) alpha / 2 + b.alpha. */
    double[] minimum(double[] linear) {
        double[] alpha = new double[linear.length];
        for (int l = 0; l < alpha.length; l++) {
            alpha[l] = -linear[l];
        }
        solve(alpha);
        return alpha;
    }

    /** (G + lambda)^-1 of the first numbers of a piece. */
    double[] solve(float[] right, int count) {
        double[] x = new double[count];
        for (int l = 0; l < count; l++) {
            x[l] = right[l];
        }
        solve(x);
        return x;
    }

    private void solve(double[] x) {
        factor.solveLower(x);
        factor.solveUpper(x);
    }

    /**
     * The log regulariser g that Adam, {@value #STEPS} steps from a given one, finds better on held-out rows: of their mean loss with
     * alpha from the training rows, whose derivative is dL/dg = -ln 10 lambda (G_held alpha + b_held).(G + lambda)^-1 alpha.
     *
     * @param training what alpha follows from
     * @param held what it is judged by
     * @param start where to start
     * @return the last g; the start where what is found is not finite
     */
    static double tuned(CoefficientSystem training, CoefficientSystem held, double start) {
        double g = start;
        double first = 0;
        double second = 0;
        double power1 = 1;
        double power2 = 1;
        for (int step = 0; step < STEPS; step++) {
            double lambda = StrictMath.pow(10, g);
            CoefficientSolver solver = of(training.matrix, lambda);
            if (solver == null) {
                return start;
            }
            double[] alpha = solver.minimum(training.linear);
            double[] w = alpha.clone();
            solver.solve(w);
            double slope = 0;
            for (int k = 0; k < alpha.length; k++) {
                double[] row = held.matrix[k];
                double sum = held.linear[k];
                for (int l = 0; l < alpha.length; l++) {
                    sum += row[l] * alpha[l];
                }
                slope -= LN_10 * lambda * sum * w[k];
            }
            first = BETA1 * first + (1 - BETA1) * slope;
            second = BETA2 * second + (1 - BETA2) * slope * slope;
            power1 *= BETA1;
            power2 *= BETA2;
            g -= RATE * first / (1 - power1) / (Math.sqrt(second / (1 - power2)) + EPSILON);
        }
        return Double.isFinite(g) ? g : start;
    }
}
