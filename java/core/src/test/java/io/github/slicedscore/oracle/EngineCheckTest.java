package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bounds for rounded factors let pass what rounds as the precision says, and not what rounds to far fewer bits. */
class EngineCheckTest {
    /** The oracle with rounded factors as a backend. */
    private record Rounding(int bits) implements Backend {
        private Oracle oracle(Architecture architecture, Parameters parameters) {
            return new Oracle(architecture, Floats.widen(parameters.toArray()), bits);
        }

        @Override
        public String name() {
            return "rounding";
        }

        @Override
        public String description() {
            return "factors of " + bits + " bits";
        }

        @Override
        public String kernels() {
            return "oracle";
        }

        @Override
        public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
            return new ObjectiveFunction() {
                @Override
                public Evaluation evaluate(Parameters parameters, float[] inputs, float[] directions) {
                    Oracle.Result result =
                            oracle(architecture, parameters).evaluate(objective, batch(inputs, directions));
                    return new Evaluation(result.perSample(), result.mean(), Floats.of(result.gradient()));
                }

                @Override
                public double[] losses(Parameters parameters, float[] inputs, float[] directions) {
                    return evaluate(parameters, inputs, directions).perSample();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Scorer openScorer(Architecture architecture, Parameters parameters) {
            Oracle oracle = oracle(architecture, parameters);
            return new Scorer() {
                @Override
                public Architecture architecture() {
                    return architecture;
                }

                @Override
                public void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores) {
                    copy(values == null ? new double[0] : oracle.value(Floats.widen(inputs)), values);
                    copy(scores == null ? new double[0] : oracle.score(Floats.widen(inputs)), scores);
                }

                @Override
                public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
                    copy(oracle.jvp(batch(inputs, directions)), products);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}

        private static Oracle.Batch batch(float[] inputs, float[] directions) {
            return new Oracle.Batch(Floats.widen(inputs), Floats.widen(directions));
        }

        private static void copy(double[] from, float @Nullable [] to) {
            for (int i = 0; i < from.length; i++) {
                to[i] = (float) from[i];
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TF32,11,8", "BF16,8,4"})
    void boundsFitTheirPrecision(Precision precision, int bits, int tooFew) {
        List<Cell> cells = Cell.all();
        int refused = 0;
        int checked = 0;
        for (int i = 0; i < cells.size(); i += 5) {
            checked++;
            check(cells.get(i), precision, bits);
            try {
                check(cells.get(i), precision, tooFew);
            } catch (AssertionError e) {
                refused++;
            }
        }
        assertThat(refused).as("cells of %d where it shows", checked).isGreaterThan(checked / 2);
    }

    private static void check(Cell cell, Precision precision, int bits) {
        new EngineCheck(new Rounding(bits), precision, cell.architecture(), cell.parameters(), cell.inputs())
                .checkAgainstOracle(cell.objective(), cell.directions());
    }
}
