package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.eval.ScoreError;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.LearningRate;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training on distributions whose score is known: what it learns is right, not merely finite and falling. */
class KnownScoreTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /**
     * An affine score network on N(mean, C) has its optimum at s(x) = -C^-1 (x - mean). On the sphere a radius other than
     * sqrt(D) would scale the curvature's part alone, and a wrong sign would turn s around.
     */
    @ParameterizedTest
    @EnumSource(
            value = Projection.class,
            names = {"RADEMACHER", "SPHERE"})
    void affineNetworkFindsTheGaussian(Projection projection) throws IOException {
        double[] mean = {3, -2, 0.5, 10, 0};
        double[][] covariance = {
            {4.0, 1.2, -0.6, 0.8, 0.0},
            {1.2, 2.0, 0.5, 0.0, 0.3},
            {-0.6, 0.5, 1.0, 0.2, -0.2},
            {0.8, 0.0, 0.2, 3.0, 0.9},
            {0.0, 0.3, -0.2, 0.9, 1.5}
        };
        Gaussian gaussian = new Gaussian(mean, covariance);
        TrainingConfig config = TrainingConfig.builder()
                .kind(ModelKind.SCORE)
                .hidden()
                .objective(new VarianceReducedScoreMatching(new Slices(1, projection)))
                .noise(0)
                .dequantize(false)
                .batch(512)
                .steps(2500)
                .learningRate(new LearningRate(0.03, LearningRate.Shape.COSINE, 0))
                .build();
        ScoreModel model =
                new Trainer(config, gaussian.sample(1, 100_000), backend).run().model();

        double error = 0;
        double scale = 0;
        double[] precision = new double[5];
        for (int column = 0; column < 5; column++) {
            double[] direction = new double[5];
            direction[column] = 1;
            double[] beside = mean.clone();
            beside[column] += 1;
            gaussian.score(beside, precision);
            double[] learned = model.jvp(mean, direction);
            for (int row = 0; row < 5; row++) {
                error += Math.pow(learned[row] - precision[row], 2);
                scale += Math.pow(precision[row], 2);
            }
        }
        assertThat(Math.sqrt(error / scale)).as("relative Frobenius error").isLessThan(0.03);
        for (double component : model.score(mean)) {
            assertThat(component).as("score at the mean").isBetween(-0.03, 0.03);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelKind.class,
            names = {"ENERGY", "SCORE"})
    void smallNetworkFindsTheMixture(ModelKind kind) throws IOException {
        GaussianMixture mixture = GaussianMixture.demo();
        TrainingConfig config = TrainingConfig.builder()
                .kind(kind)
                .hidden(48, 48)
                .noise(0)
                .dequantize(false)
                .batch(kind == ModelKind.SCORE ? 256 : 128)
                .steps(1500)
                .learningRate(new LearningRate(5e-3, LearningRate.Shape.COSINE, 0))
                .build();
        ScoreModel model =
                new Trainer(config, mixture.sample(1, 10_000), backend).run().model();
        Dataset fresh = mixture.sample(2, 5_000);
        assertThat(ScoreError.relative(model, mixture, fresh))
                .as("relative Fisher error of the %s network", kind)
                .isLessThan(0.05);
    }

    /** A learned energy orders points as the true density does. */
    @Test
    void energyIsALogDensityUpToAConstant() throws IOException {
        Gaussian gaussian = new Gaussian(new double[] {1, 2}, new double[][] {{1, 0.5}, {0.5, 2}});
        TrainingConfig config = TrainingConfig.builder()
                .hidden(32)
                .noise(0)
                .dequantize(false)
                .steps(1000)
                .learningRate(new LearningRate(5e-3, LearningRate.Shape.COSINE, 0))
                .build();
        ScoreModel model =
                new Trainer(config, gaussian.sample(1, 10_000), backend).run().model();
        double[] at = {1, 2};
        for (double[] point : new double[][] {{2, 2}, {1, 4}, {0, 1}, {-0.5, 2.5}}) {
            double wanted = gaussian.logDensity(point) - gaussian.logDensity(at);
            double found = model.logDensity(point) - model.logDensity(at);
            assertThat(found - wanted).isBetween(-0.25, 0.25);
        }
    }
}
