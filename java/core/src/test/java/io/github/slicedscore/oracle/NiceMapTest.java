package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle's flow is one: a map with an inverse, whose determinant the density takes into account. */
class NiceMapTest {
    private static final double STEP = 1e-5;

    private static Nice nice(int dimension, int couplings, Nice.Prior prior) {
        return new Nice(dimension, List.of(4, 3), Activation.SOFTPLUS, couplings, prior);
    }

    private static Variable[] parameters(Nice nice, double size) {
        Random random = new Random(3);
        return Variable.of(random.doubles(nice.layout().size(), -size, size).toArray());
    }

    private static Variable[] point(int dimension) {
        return Variable.of(new Random(4).doubles(dimension, -1, 1).toArray());
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,1", "3,2", "5,3", "6,4", "7,5"})
    void theInverseIsOne(int dimension, int couplings) {
        Nice nice = nice(dimension, couplings, Nice.Prior.NORMAL);
        NiceMap map = new NiceMap(nice);
        Variable[] parameters = parameters(nice, 1);
        Variable[] x = point(dimension);
        Variable[] h = map.forward(x, parameters);
        assertThat(Variable.values(map.inverse(h, parameters))).containsExactly(Variable.values(x), within(1e-13));
    }

    /** log p(x) = log p_H(h(x)) + log |det dh/dx|, the Jacobian by differences. */
    @ParameterizedTest
    @CsvSource({"2,1", "3,2", "5,3"})
    void densityFollowsFromTheJacobian(int dimension, int couplings) {
        Nice nice = nice(dimension, couplings, Nice.Prior.NORMAL);
        NiceMap map = new NiceMap(nice);
        Variable[] parameters = parameters(nice, 1);
        double[] x = Variable.values(point(dimension));
        double[][] jacobian = new double[dimension][];
        for (int i = 0; i < dimension; i++) {
            double[] above = x.clone();
            double[] below = x.clone();
            above[i] += STEP;
            below[i] -= STEP;
            double[] up = Variable.values(map.forward(Variable.of(above), parameters));
            double[] down = Variable.values(map.forward(Variable.of(below), parameters));
            jacobian[i] = new double[dimension];
            Arrays.setAll(jacobian[i], j -> (up[j] - down[j]) / (2 * STEP));
        }
        double expected = logDeterminant(jacobian);
        for (double h : Variable.values(map.forward(Variable.of(x), parameters))) {
            expected -= h * h / 2 + Math.log(2 * Math.PI) / 2;
        }
        assertThat(map.logDensity(Variable.of(x), parameters).value).isCloseTo(expected, within(1e-8));
    }

    @ParameterizedTest
    @EnumSource
    void integratesToOne(Nice.Prior prior) {
        Nice nice = nice(2, 3, prior);
        NiceMap map = new NiceMap(nice);
        Variable[] parameters = parameters(nice, 0.5);
        double width = 0.5;
        double sum = 0;
        for (double x = -25; x < 25; x += width) {
            for (double y = -25; y < 25; y += width) {
                sum += Math.exp(map.logDensity(Variable.of(x, y), parameters).value) * width * width;
            }
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    /** By Gauss's elimination, with the largest pivot of each column. */
    private static double logDeterminant(double[][] a) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            int largest = k;
            for (int i = k + 1; i < a.length; i++) {
                largest = Math.abs(a[i][k]) > Math.abs(a[largest][k]) ? i : largest;
            }
            double[] pivot = a[largest];
            a[largest] = a[k];
            a[k] = pivot;
            sum += Math.log(Math.abs(pivot[k]));
            for (int i = k + 1; i < a.length; i++) {
                double factor = a[i][k] / pivot[k];
                for (int j = k; j < a.length; j++) {
                    a[i][j] -= factor * pivot[j];
                }
            }
        }
        return sum;
    }
}
