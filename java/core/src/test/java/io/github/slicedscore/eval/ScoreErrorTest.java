package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreErrorTest {
    /** N((3, -1), diag(4, 0.25)); standardised by that, its score is -y. */
    private static final Gaussian TRUTH = new Gaussian(new double[] {3, -1}, new double[][] {{4, 0}, {0, 0.25}});

    /** The model whose score is factor times the true one plus a constant vector, in standardised units. */
    private static double error(float factor, float shift) {
        Architecture architecture = new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS);
        ModelContents contents = new ModelContents(
                architecture,
                Parameters.of(architecture, new float[] {-factor, 0, 0, -factor, shift, shift}),
                new Standardizer(new double[] {3, -1}, new double[] {2, 0.5}),
                List.of("x1", "x2"),
                List.of(),
                ModelExamples.PROVENANCE,
                new double[0]);
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0));
                ScoreModel model = ScoreModel.of(contents, backend)) {
            return ScoreError.relative(model, TRUTH, TRUTH.sample(1, 20_000));
        }
    }

    @Test
    void isZeroForTheTruthAndOneForNothing() {
        assertThat(error(1, 0)).isLessThan(1e-12);
        assertThat(error(0, 0)).isCloseTo(1, within(1e-12));
    }

    @Test
    void isTheSquareOfTheRelativeDifference() {
        assertThat(error(1.1f, 0)).isCloseTo(0.01, within(1e-6));
        assertThat(error(-1, 0)).isCloseTo(4, within(1e-6));
        // |shift / d|^2 = 0.01 (1/4 + 4) over E|s|^2 = 1/4 + 4
        assertThat(error(1, 0.1f)).isCloseTo(0.01, within(3e-4));
    }
}
