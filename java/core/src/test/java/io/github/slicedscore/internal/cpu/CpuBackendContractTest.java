package io.github.slicedscore.internal.cpu;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.contract.BackendContractTest;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.oracle.EngineCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NativeWidth.class)
class CpuBackendContractTest extends BackendContractTest {
    private static final List<Integer> HIDDEN = List.of(9, 9, 17, 17);
    private static final NoiseLevels LEVELS = new NoiseLevels(2, 0.2, 5);
    private static final FourierFeatures WAVES = new FourierFeatures(5, 1.5, 3);
    private static final List<MlpOptions> OPTIONS = List.of(
            MlpOptions.NONE,
            MlpOptions.NONE.withResidual(true),
            MlpOptions.NONE.withFourier(WAVES),
            MlpOptions.NONE.withNoiseLevels(LEVELS),
            MlpOptions.NONE.withResidual(true).withFourier(WAVES).withNoiseLevels(LEVELS));
    private static final Slices SLICES = new Slices(3, Projection.GAUSSIAN);
    private static final KnownScore TRUTH = (x, into) -> {
        into[0] = -x[0] + 0.3 * x[1];
        into[1] = 0.5 * x[0] * x[2] - 1;
        into[2] = Math.sin(x[2]);
    };
    private static final List<Objective> OBJECTIVES = List.of(
            new SlicedScoreMatching(SLICES),
            new VarianceReducedScoreMatching(SLICES),
            new ExactScoreMatching(),
            new DenoisingScoreMatching(0.4),
            new FiniteDifferenceScoreMatching(SLICES, 0.2),
            new ExplicitFisherDivergence(TRUTH),
            new SlicedFisherDivergence(TRUTH, SLICES),
            new MultiLevelDenoisingScoreMatching(LEVELS),
            new MultiLevelVarianceReducedScoreMatching(LEVELS, SLICES));

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Override
    protected Backend backend() {
        return backend;
    }

    /** Objectives and networks that other backends may refuse. */
    @TestFactory
    Stream<DynamicTest> matchesOracleOffTheContract() {
        List<Cell> cells = new ArrayList<>();
        for (MlpOptions options : OPTIONS) {
            boolean leveled = options.noiseLevels().isPresent();
            int conditions = leveled ? 2 : 1;
            for (Objective objective : OBJECTIVES) {
                if (objective.noiseLevels().isEmpty() || leveled) {
                    Activation activation = cells.size() % 3 == 0 ? Activation.TANH : Activation.SOFTPLUS;
                    int rows = 5 + cells.size();
                    cells.add(new Cell(
                            new ScoreMlp(3, conditions, HIDDEN, activation, options), objective, rows, cells.size()));
                    cells.add(new Cell(
                            new EnergyMlp(3, conditions, HIDDEN, activation, 2, options),
                            objective,
                            rows,
                            cells.size()));
                }
            }
        }
        // Three rounds of tangents, the last of them short.
        cells.add(new Cell(new ScoreMlp(37, 0, HIDDEN, Activation.SILU), new ExactScoreMatching(), 5, 1));
        cells.add(new Cell(new EnergyMlp(37, 0, HIDDEN, Activation.SILU, 2), new ExactScoreMatching(), 5, 1));
        return cells.stream()
                .map(cell -> dynamicTest(cell.toString(), () -> new EngineCheck(
                                backend(), cell.architecture(), cell.parameters(), cell.inputs())
                        .checkAgainstOracle(cell.objective(), cell.directions())));
    }
}
