package io.github.slicedscore.sample;

import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.model.NoiseLevels;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers that follow exact noised scores, whose distributions are known. */
class NoisedSamplersTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(10, 0.05, 12);

    /** A way to draw from a noised score. */
    private record Method(String name, Draw draw) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Draw {
        double[] from(NoisedScore score, int count, long seed);
    }

    static Stream<Method> methods() {
        return Stream.of(
                new Method("annealed", new AnnealedLangevin(200, 0.1, false)::draw),
                new Method("flow", ProbabilityFlow.standard()::draw),
                new Method("sde", new ReverseSde(1000, 0, 0.16)::draw),
                new Method("corrected sde", new ReverseSde(500, 1, 0.05)::draw));
    }

    /** Mean 0 and variance 1 in the first column, two modes of 30 and 70 %. */
    private static final GaussianMixture MIXTURE = new GaussianMixture(
            new double[] {0.3, 0.7},
            new double[][] {{-1.2, 0.5}, {1.2 * 3 / 7, -0.5}},
            new double[][] {{0.3, 0.8}, {0.4, 0.3}});

    @ParameterizedTest
    @MethodSource("methods")
    void momentsAndSharesAreTheMixtures(Method method) {
        int count = 4000;
        NoisedMixture score = new NoisedMixture(MIXTURE, LEVELS);
        double[] points = method.draw().from(score, count, 1);
        // Moments x1, x2, x1^2, x1 x2, x2^2, and the share left of the modes' middle, of the sampler's and of as many
        // exact draws.
        double[] sampled = moments(points, count);
        int many = 200_000;
        double[] exact = new double[2 * many];
        io.github.slicedscore.data.Dataset draws =
                score.noised(LEVELS.smallest()).sample(3, many);
        for (int row = 0; row < many; row++) {
            draws.copyRow(row, exact, 2 * row);
        }
        double[] known = moments(exact, many);
        double[] out = new double[6];
        double[] deviations = deviations(exact, many, known);
        for (int i = 0; i < 6; i++) out[i] = (sampled[i] - known[i]) / deviations[i] * Math.sqrt(count);
        System.out.println(method + " z " + java.util.Arrays.toString(out));
    }

    private static double[] features(double x, double y) {
        return new double[] {x, y, x * x, x * y, y * y, x < -0.4 ? 1 : 0};
    }

    private static double[] moments(double[] points, int count) {
        double[] moments = new double[6];
        for (int row = 0; row < count; row++) {
            double[] features = features(points[2 * row], points[2 * row + 1]);
            for (int i = 0; i < 6; i++) {
                moments[i] += features[i] / count;
            }
        }
        return moments;
    }

    private static double[] deviations(double[] points, int count, double[] moments) {
        double[] squares = new double[6];
        for (int row = 0; row < count; row++) {
            double[] features = features(points[2 * row], points[2 * row + 1]);
            for (int i = 0; i < 6; i++) {
                squares[i] += (features[i] - moments[i]) * (features[i] - moments[i]) / count;
            }
        }
        for (int i = 0; i < 6; i++) {
            squares[i] = Math.sqrt(squares[i]);
        }
        return squares;
    }
}
