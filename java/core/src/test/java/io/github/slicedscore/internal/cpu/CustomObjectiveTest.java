package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.ProjectedJet;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.oracle.Oracle;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The open door: what a loss of one's own returns and seeds, on both kinds of network. */
class CustomObjectiveTest {
    private static final Slices SLICES = new Slices(3, Projection.GAUSSIAN);
    private static final int ROWS = 40;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static Stream<Architecture> networks() {
        return Stream.of(
                new ScoreMlp(3, 1, List.of(9, 7), Activation.TANH),
                new EnergyMlp(3, 1, List.of(9, 7), Activation.TANH, 2),
                new EnergyMlp(3, 1, List.of(9, 7), Activation.TANH, 0));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void slicedScoreMatchingOnceMore(Architecture architecture) {
        CustomObjective mine = new CustomObjective("mine", SLICES, jet -> {
            double loss = 0;
            for (int m = 0; m < 3; m++) {
                jet.projectedSeeds[m] = jet.projected[m] / 3;
                jet.quadraticSeeds[m] = 1 / 3.0;
                loss += (jet.quadratic[m] + jet.projected[m] * jet.projected[m] / 2) / 3;
            }
            return loss;
        });
        Evaluation custom = evaluate(architecture, mine);
        Evaluation wanted = evaluate(architecture, new SlicedScoreMatching(SLICES));
        assertThat(custom.perSample()).containsExactly(wanted.perSample(), within(1e-4));
        assertThat(custom.gradient()).containsExactly(wanted.gradient(), within(2e-5f));
    }

    /** Uses all of s, J v, p and q, not linearly, and x: L = sum_m sin(q_m) p_m + |J v_m|^2 x_0 / 4 + s_0 s_1. */
    @ParameterizedTest
    @MethodSource("networks")
    void gradientIsThatOfTheLoss(Architecture architecture) {
        Evaluation custom = evaluate(architecture, new CustomObjective("odd", SLICES, CustomObjectiveTest::odd));
        Cell cell = cell(architecture, new SlicedScoreMatching(SLICES));
        double[] parameters = widen(cell.parameters());
        Oracle.Batch batch = new Oracle.Batch(widen(cell.inputs()), widen(cell.directions()));
        assertThat(custom.mean()).isCloseTo(odd(architecture, parameters, batch), within(1e-5));
        double step = 1e-5;
        for (int i = 0; i < parameters.length; i++) {
            double[] ahead = parameters.clone();
            double[] behind = parameters.clone();
            ahead[i] += step;
            behind[i] -= step;
            double wanted = (odd(architecture, ahead, batch) - odd(architecture, behind, batch)) / (2 * step);
            assertThat((double) custom.gradient()[i])
                    .as("parameter %d", i)
                    .isCloseTo(wanted, within(2e-5 * (1 + Math.abs(wanted))));
        }
    }

    /** So that a training finds out. */
    @ParameterizedTest
    @MethodSource("networks")
    void seedsThatAreNotFiniteReachTheGradient(Architecture architecture) {
        for (double seed : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Evaluation custom = evaluate(architecture, new CustomObjective("broken", SLICES, jet -> {
                jet.quadraticSeeds[0] = seed;
                return 1;
            }));
            assertThat(custom.gradient()[0]).isNaN();
        }
    }

    private static double odd(ProjectedJet jet) {
        double loss = jet.score[0] * jet.score[1];
        jet.scoreSeed[0] = jet.score[1];
        jet.scoreSeed[1] = jet.score[0];
        for (int m = 0; m < 3; m++) {
            loss += Math.sin(jet.quadratic[m]) * jet.projected[m];
            jet.quadraticSeeds[m] = Math.cos(jet.quadratic[m]) * jet.projected[m];
            jet.projectedSeeds[m] = Math.sin(jet.quadratic[m]);
            for (int i = 0; i < 3; i++) {
                loss += jet.products[m][i] * jet.products[m][i] * jet.input[0] / 4;
                jet.productSeeds[m][i] = jet.products[m][i] * jet.input[0] / 2;
            }
        }
        return loss;
    }

    /** The same by the oracle, in double precision. */
    private static double odd(Architecture architecture, double[] parameters, Oracle.Batch batch) {
        Oracle oracle = new Oracle(architecture, parameters);
        double[] scores = oracle.score(batch.inputs());
        double[] products = oracle.jvp(batch);
        double[] quadratic = oracle.quadratic(batch);
        double[] projected = oracle.projected(batch);
        double sum = 0;
        for (int n = 0; n < ROWS; n++) {
            sum += scores[3 * n] * scores[3 * n + 1];
            for (int m = 0; m < 3; m++) {
                sum += Math.sin(quadratic[m * ROWS + n]) * projected[m * ROWS + n];
                for (int i = 0; i < 3; i++) {
                    double product = products[(m * ROWS + n) * 3 + i];
                    sum += product * product * batch.inputs()[4 * n] / 4;
                }
            }
        }
        return sum / ROWS;
    }

    private static Cell cell(Architecture architecture, Objective objective) {
        return new Cell(architecture, objective, ROWS, 5);
    }

    private static Evaluation evaluate(Architecture architecture, Objective objective) {
        Cell cell = cell(architecture, objective);
        try (ObjectiveFunction function = backend.openObjective(architecture, objective)) {
            return function.evaluate(Parameters.of(architecture, cell.parameters()), cell.inputs(), cell.directions());
        }
    }

    private static double[] widen(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
