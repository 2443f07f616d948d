package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuScorerTest {
    private static final int CHAINS = 75;
    private static final double[] SIZES = {0.1, 0.05, 0.02};

    /** Chunks of chains that walk on their own take the interface's steps, bit for bit, on any number of threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void langevinTakesTheStepsOfTheInterface(int threads) {
        List<Architecture> architectures = List.of(
                new ScoreMlp(3, 1, List.of(9, 8), Activation.SOFTPLUS),
                new EnergyMlp(3, 1, List.of(9, 8), Activation.TANH, 3));
        for (Architecture architecture : architectures) {
            try (WorkerPool pool = new WorkerPool(threads);
                    Scorer scorer = CpuScorer.of(
                            new PlainKernels(), pool, architecture, Parameters.initialize(architecture, 2))) {
                float[] chains = new float[CHAINS * 4];
                Random random = new Random(1);
                for (int i = 0; i < chains.length; i++) {
                    chains[i] = (float) random.nextGaussian();
                }
                float[] expected = chains.clone();
                new EvaluateOnly(scorer).langevin(expected, CHAINS, SIZES, 8, 5);
                scorer.langevin(chains, CHAINS, SIZES, 8, 5);
                assertThat(chains).isEqualTo(expected);
                assertThatThrownBy(() -> scorer.langevin(chains, CHAINS + 1, SIZES, 8, 5))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("chains of 76 rows");
            }
        }
    }

    /** Traces in rounds of forward passes are those of the interface, column by column. */
    @Test
    void tracesAreThoseOfTheInterface() {
        List<Architecture> architectures = List.of(
                new ScoreMlp(19, 1, List.of(9, 8), Activation.SOFTPLUS),
                new EnergyMlp(3, 1, List.of(9, 8), Activation.TANH, 3),
                new Nice(35, List.of(9), Activation.SILU, 3, Nice.Prior.LOGISTIC));
        for (Architecture architecture : architectures) {
            try (WorkerPool pool = new WorkerPool(2);
                    Scorer scorer = CpuScorer.of(
                            new PlainKernels(), pool, architecture, Parameters.initialize(architecture, 2))) {
                float[] rows = new float[CHAINS * architecture.inputs()];
                Random random = new Random(1);
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = (float) random.nextGaussian();
                }
                double[] expected = new double[CHAINS];
                new EvaluateOnly(scorer).traces(rows, CHAINS, expected);
                double[] traces = new double[CHAINS];
                scorer.traces(rows, CHAINS, traces);
                assertThat(traces).containsExactly(expected, within(1e-4));
                assertThatThrownBy(() -> scorer.traces(rows, CHAINS + 1, traces))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("inputs of");
            }
        }
    }

    /** A scorer with the interface's own Langevin steps and traces. */
    private record EvaluateOnly(Scorer scorer) implements Scorer {
        @Override
        public Architecture architecture() {
            return scorer.architecture();
        }

        @Override
        public void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores) {
            scorer.evaluate(inputs, rows, values, scores);
        }

        @Override
        public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
            scorer.jvp(inputs, directions, rows, products);
        }

        @Override
        public void close() {
            scorer.close();
        }
    }
}
