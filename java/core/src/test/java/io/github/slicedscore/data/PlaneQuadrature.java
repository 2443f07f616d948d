package io.github.slicedscore.data;

/**
 * Integrals of a density over the plane, by the trapezoidal rule in t with x = sinh(t): exponentially exact for smooth
 * densities, and wide enough for heavy tails.
 */
final class PlaneQuadrature {
    /** t runs from -REACH to REACH: |x| to 8,000. */
    private static final double REACH = 9.7;

    private static final int NODES = 451;

    private final double step = 2 * REACH / (NODES - 1);
    private final double[] nodes = new double[NODES];
    private final double[] lengths = new double[NODES];
    private final double[][] mass = new double[NODES][NODES];

    PlaneQuadrature(ToyDistribution toy) {
        for (int i = 0; i < NODES; i++) {
            double t = -REACH + step * i;
            nodes[i] = Math.sinh(t);
            lengths[i] = step * Math.cosh(t);
        }
        double[] x = new double[2];
        for (int i = 0; i < NODES; i++) {
            x[0] = nodes[i];
            for (int j = 0; j < NODES; j++) {
                x[1] = nodes[j];
                mass[i][j] = Math.exp(toy.logDensity(x)) * lengths[i] * lengths[j];
            }
        }
    }

    /** E x1^a x2^b. */
    double moment(int a, int b) {
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            double row = 0;
            for (int j = 0; j < NODES; j++) {
                row += mass[i][j] * Math.pow(nodes[j], b);
            }
            sum += Math.pow(nodes[i], a) * row;
        }
        return sum;
    }

    double[] nodes() {
        return nodes.clone();
    }

    /** P(x_column &lt;= node) at every node. */
    double[] distribution(int column) {
        double[] cumulated = new double[NODES];
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            double slab = 0;
            for (int j = 0; j < NODES; j++) {
                slab += column == 0 ? mass[i][j] : mass[j][i];
            }
            cumulated[i] = sum + slab / 2;
            sum += slab;
        }
        return cumulated;
    }
}
