package io.github.slicedscore.eval;

/** The Stein kernel u of pairs of points, times a kernel of their conditions where there are some. */
final class SteinPairs implements PairSums.Kernel {
    private static final SteinKernel OF_CONDITIONS = new SteinKernel.InverseMultiquadric(1, -0.5);

    private final SteinKernel kernel;
    private final double[] points;
    private final double[] scores;
    private final double[] conditions;
    private final int dimension;
    private final int given;
    private final double[] phi = new double[3];

    SteinPairs(SteinKernel kernel, double[] points, double[] scores, double[] conditions, int dimension) {
        this.kernel = kernel;
        this.points = points;
        this.scores = scores;
        this.conditions = conditions;
        this.dimension = dimension;
        this.given = conditions.length / (points.length / dimension);
    }

    @Override
    public void row(int i, double[] row) {
        for (int j = 0; j < i; j++) {
            row[j] = stein(i, j) * condition(i, j);
        }
    }

    private double stein(int i, int j) {
        double square = 0;
        double product = 0;
        double slope = 0;
        for (int d = 0; d < dimension; d++) {
            double step = points[i * dimension + d] - points[j * dimension + d];
            double first = scores[i * dimension + d];
            double second = scores[j * dimension + d];
            square += step * step;
            product += first * second;
            slope += (first - second) * step;
        }
        kernel.evaluate(square, phi);
        return phi[0] * product - 2 * phi[1] * (slope + dimension) - 4 * phi[2] * square;
    }

    private double condition(int i, int j) {
        if (given == 0) {
            return 1;
        }
        OF_CONDITIONS.evaluate(Points.squaredDistance(conditions, i, j, given), phi);
        return phi[0];
    }
}
