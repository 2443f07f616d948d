package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.math.Cholesky;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Solves with G + lambda of a {@link CoefficientSystem}. */
final class CoefficientSolver {
    /** The logarithm of 10. */
    static final double LN_10 = 2.302585092994046;

    /** How far {@link #tuned} looks, in powers of ten, and how often it halves that. */
    private static final double REACH = 1;

    private static final int HALVINGS = 24;

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
     * The log regulariser g, {@value #REACH} from a given one at the most, where held-out rows have the least mean loss with alpha
     * from the training rows. Its derivative is dL/dg = -ln 10 lambda (G_held alpha + b_held).(G + lambda)^-1 alpha; the interval on
     * the side where the loss falls is halved until the sign's change is found. A solve costs the cube of the kernels' number, so
     * there are few of them.
     *
     * @param training what alpha follows from
     * @param held what it is judged by
     * @param start where to start
     * @return the best g
     */
    static double tuned(CoefficientSystem.Equations training, CoefficientSystem.Equations held, double start) {
        return fall(g -> slope(training, held, g), start);
    }

    /** Where a slope ends to be negative, next to some place or {@value #REACH} from it. */
    static double fall(DoubleUnaryOperator slope, double start) {
        boolean rises = slope.applyAsDouble(start) > 0;
        double low = rises ? start - REACH : start;
        double high = rises ? start : start + REACH;
        for (int halving = 0; halving < HALVINGS; halving++) {
            double middle = (low + high) / 2;
            if (slope.applyAsDouble(middle) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return (low + high) / 2;
    }

    /** dL/dg of the held-out rows; 0 where lambda is too small for a solve. */
    private static double slope(CoefficientSystem.Equations training, CoefficientSystem.Equations held, double g) {
        double lambda = StrictMath.pow(10, g);
        CoefficientSolver solver = of(training.matrix(), lambda);
        if (solver == null) {
            return 0;
        }
        double[] alpha = solver.minimum(training.linear());
        double[] w = alpha.clone();
        solver.solve(w);
        double product = 0;
        for (int k = 0; k < alpha.length; k++) {
            double[] row = held.matrix()[k];
            double sum = held.linear()[k];
            for (int l = 0; l < alpha.length; l++) {
                sum += row[l] * alpha[l];
            }
            product += sum * w[k];
        }
        return -LN_10 * lambda * product;
    }
}
