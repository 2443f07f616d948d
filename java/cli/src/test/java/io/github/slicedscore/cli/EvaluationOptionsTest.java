package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.LogLikelihood;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationOptionsTest {
    private static Finding<LogLikelihood> found(double mean, double normalizerError) {
        return new Finding.Known<>(new LogLikelihood(mean, 100, 0.3, normalizerError, List.of()));
    }

    @Test
    void estimatesOfOneNumberThatCannotBothBeRight() {
        assertThat(EvaluationOptions.disagree(found(-1.06, 0.06), found(1.74, 0.06)))
                .isTrue();
        assertThat(EvaluationOptions.disagree(found(1.74, 0.06), found(-1.06, 0.06)))
                .isTrue();
        assertThat(EvaluationOptions.disagree(found(-1.06, 0.06), found(-1.2, 0.06)))
                .isFalse();
        // Of a normalised density both are exact, and the same.
        assertThat(EvaluationOptions.disagree(found(-1.06, 0), found(-1.06, 0))).isFalse();
        assertThat(EvaluationOptions.disagree(found(-1.06, 0.06), new Finding.Missing<>("none")))
                .isFalse();
    }
}
