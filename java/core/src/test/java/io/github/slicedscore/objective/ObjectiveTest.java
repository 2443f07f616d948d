package io.github.slicedscore.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which networks an objective takes, what it draws, and what it refuses. */
class ObjectiveTest {
    private static final Slices SLICES = new Slices(2, Projection.GAUSSIAN);
    private static final NoiseLevels LEVELS = new NoiseLevels(3, 0.1, 4);
    private static final KnownScore TRUTH = (x, into) -> into[0] = -x[0];

    private static Objective of(String id) {
        return switch (id) {
            case "ssm" -> new SlicedScoreMatching(SLICES);
            case "ssm-vr" -> new VarianceReducedScoreMatching(SLICES);
            case "exact" -> new ExactScoreMatching();
            case "mle" -> new MaximumLikelihood();
            case "dsm" -> new DenoisingScoreMatching(0.1);
            case "fd-ssm" -> new FiniteDifferenceScoreMatching(SLICES, 0.1);
            case "fisher" -> new ExplicitFisherDivergence(TRUTH);
            case "sliced-fisher" -> new SlicedFisherDivergence(TRUTH, SLICES);
            case "multi-dsm" -> new MultiLevelDenoisingScoreMatching(LEVELS);
            case "multi-ssm-vr" -> new MultiLevelVarianceReducedScoreMatching(LEVELS, SLICES);
            default -> new CustomObjective(id, SLICES, jet -> 0);
        };
    }

    private static Architecture network(boolean energy, Activation activation, Objective objective) {
        MlpOptions options =
                objective.noiseLevels().map(MlpOptions.NONE::withNoiseLevels).orElse(MlpOptions.NONE);
        return energy
                ? new EnergyMlp(2, 1, List.of(4), activation, 0, options)
                : new ScoreMlp(2, 1, List.of(4), activation, options);
    }

    /** Objective, what it allows of relu and elu on score networks, and of both on energies. */
    @ParameterizedTest
    @CsvSource({
        "ssm, false, true, false, false",
        "ssm-vr, false, true, false, false",
        "exact, false, true, false, false",
        "multi-ssm-vr, false, true, false, false",
        "mine, false, true, false, false",
        "dsm, true, true, false, true",
        "multi-dsm, true, true, false, true",
        "fisher, true, true, false, true",
        "sliced-fisher, true, true, false, true",
        "fd-ssm, true, true, true, true",
    })
    void refusesKinksThatWouldBiasItsGradient(
            String id, boolean scoreRelu, boolean scoreElu, boolean energyRelu, boolean energyElu) {
        check(of(id), false, Activation.RELU, scoreRelu);
        check(of(id), false, Activation.ELU, scoreElu);
        check(of(id), true, Activation.RELU, energyRelu);
        check(of(id), true, Activation.ELU, energyElu);
        check(of(id), false, Activation.SOFTPLUS, true);
        check(of(id), true, Activation.SOFTPLUS, true);
        assertThat(of(id).id()).isEqualTo(id);
    }

    private static void check(Objective objective, boolean energy, Activation activation, boolean allowed) {
        Architecture architecture = network(energy, activation, objective);
        if (allowed) {
            assertThatCode(() -> objective.requireSupports(architecture)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> objective.requireSupports(architecture))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the activation " + activation.id() + " does not go with " + objective.id())
                    .hasMessageContaining("softplus");
        }
    }

    /** Without a derivative in x any activation will do, but an unnormalised f has no likelihood. */
    @Test
    void likelihoodIsThatOfNormalizedDensities() {
        Objective likelihood = of("mle");
        assertThat(likelihood.directions()).isZero();
        assertThat(likelihood.addsNoise()).isFalse();
        Nice nice = new Nice(2, List.of(4), Activation.RELU, 2, Nice.Prior.NORMAL);
        assertThatCode(() -> likelihood.requireSupports(nice)).doesNotThrowAnyException();
        for (boolean energy : new boolean[] {true, false}) {
            assertThatThrownBy(() -> likelihood.requireSupports(network(energy, Activation.TANH, likelihood)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("those of kind nice, not of kind " + (energy ? "energy" : "score"));
        }
        assertThatThrownBy(() -> of("ssm").requireSupports(nice))
                .hasMessageContaining("relu does not go with ssm on networks of the kind nice: ");
    }

    @Test
    void refusesANetworkOfOtherLevels() {
        Objective several = of("multi-dsm");
        assertThatThrownBy(() -> several.requireSupports(new ScoreMlp(2, 1, List.of(), Activation.TANH)))
                .hasMessageContaining("multi-dsm trains the levels")
                .hasMessageContaining("knows none");
        Architecture leveled = network(false, Activation.TANH, several);
        assertThatThrownBy(() -> of("dsm").requireSupports(leveled))
                .hasMessageContaining("dsm trains no noise levels, but the network knows");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesScalesThatItWouldDivideBy(double scale) {
        assertThatThrownBy(() -> new DenoisingScoreMatching(scale))
                .hasMessageContaining("positive number")
                .hasMessageContaining(Double.toString(scale));
        assertThatThrownBy(() -> new FiniteDifferenceScoreMatching(SLICES, scale))
                .hasMessageContaining("positive number")
                .hasMessageContaining(Double.toString(scale));
    }

    @Test
    void drawsSlicesThenNoise() {
        Objective objective = of("multi-ssm-vr");
        assertThat(objective.directions()).isEqualTo(3);
        assertThat(of("dsm").directions()).isEqualTo(1);
        assertThat(of("exact").directions()).isZero();
        float[] found = new float[5];
        float[] wanted = new float[5];
        Philox philox = new Philox();
        objective.draw(philox, 3, 4, 1, 5, found, 5);
        SLICES.draw(philox, 3, 4, 1, 5, wanted, 5);
        assertThat(found).isEqualTo(wanted);
        objective.draw(philox, 3, 4, 2, 5, found, 5);
        philox.normals(3, 4, RandomStream.NOISE, 0, 5, wanted, 0, 5);
        assertThat(found).isEqualTo(wanted);
    }

    /** y = (x - 3) / 2 and s_x = -x: s_y(y) = 2 s_x(3 + 2 y). */
    @Test
    void knownScoresAreStandardized() {
        Standardizer standardizer = new Standardizer(new double[] {3}, new double[] {2});
        double[] score = new double[1];
        ((ExplicitFisherDivergence) of("fisher").standardized(standardizer))
                .truth()
                .score(new double[] {0.5}, score);
        assertThat(score).containsExactly(-8);
        ((SlicedFisherDivergence) of("sliced-fisher").standardized(standardizer))
                .truth()
                .score(new double[] {0.5}, score);
        assertThat(score).containsExactly(-8);
        assertThat(of("exact").standardized(standardizer)).isEqualTo(of("exact"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ssm", "multi-dsm", "Mine", "my loss"})
    void anObjectiveOfOnesOwnHasANameOfItsOwn(String id) {
        assertThatThrownBy(() -> new CustomObjective(id, SLICES, jet -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not '" + id + "'");
    }
}
