package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.cuda.DeviceScorer;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingStaysOpen.class)
class CudaScorerTest {
    private static final Architecture ENERGY = new EnergyMlp(3, 2, List.of(9), Activation.SOFTPLUS, 2);
    private static final Parameters PARAMETERS = Parameters.initialize(ENERGY, 3);
    private static final Standardizer UNITS =
            new Standardizer(new double[] {3, -100, 0, 5, 6}, new double[] {0.5, 40, 1, 2, 3});

    private static Backend processor;
    private static CudaBackend device;

    @BeforeAll
    static void open() {
        processor = Backends.open("cpu", new BackendOptions(2, 0));
        device = NativeLibrary.open();
    }

    @AfterAll
    static void close() {
        processor.close();
        device.close();
    }

    private static float[] normals(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void near(float[] found, float[] wanted) {
        assertThat(Deviation.ofScale(Floats.widen(found), Floats.widen(wanted))).isLessThan(1e-5);
    }

    /** Values, scores and J v of a scorer, one after the other. */
    private static float[] all(Scorer scorer, float[] inputs, float[] directions, int rows) {
        float[] values = new float[rows];
        float[] scores = new float[3 * rows];
        float[] products = new float[3 * rows];
        scorer.evaluate(inputs, rows, values, scores);
        scorer.jvp(inputs, directions, rows, products);
        float[] all = Arrays.copyOf(values, 7 * rows);
        System.arraycopy(scores, 0, all, rows, 3 * rows);
        System.arraycopy(products, 0, all, 4 * rows, 3 * rows);
        return all;
    }

    @Test
    void memoryGrowsWithTheRowsAndNotBeyondALimit() {
        try (Scorer wanted = processor.openScorer(ENERGY, PARAMETERS);
                Scorer found = device.openScorer(ENERGY, PARAMETERS)) {
            long before = 0;
            long bytes = 0;
            for (int rows : new int[] {1, 257, 700, 8500}) {
                float[] inputs = normals(5 * rows, rows);
                float[] directions = normals(3 * rows, ~rows);
                near(all(found, inputs, directions, rows), all(wanted, inputs, directions, rows));
                bytes = NativeLibrary.liveBytes();
                assertThat(bytes).as("%d rows", rows).isGreaterThan(before);
                before = bytes;
            }
            found.evaluate(normals(5 * 17000, 1), 17000, null, new float[3 * 17000]);
            assertThat(NativeLibrary.liveBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void computesInTheDatasUnits() {
        int rows = 20;
        float[] inputs = normals(5 * rows, 1);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) UNITS.restore(i % 5, inputs[i]);
        }
        float[] directions = normals(3 * rows, 2);
        try (Scorer wanted = new UnitsScorer(processor.openScorer(ENERGY, PARAMETERS), UNITS);
                Scorer found = device.openScorer(ENERGY, PARAMETERS, UNITS);
                Scorer plain = device.openScorer(ENERGY, PARAMETERS)) {
            near(all(found, inputs, directions, rows), all(wanted, inputs, directions, rows));
            assertThat(all(plain, inputs, directions, rows)).isNotEqualTo(all(found, inputs, directions, rows));
            assertThatThrownBy(() -> found.langevin(inputs, rows, new double[] {0.1}, 1, 0))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("network's units");
        }
        assertThatThrownBy(() -> device.openScorer(
                        ENERGY, PARAMETERS, new Standardizer(new double[] {0, 0}, new double[] {1, 1})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("units of 2 columns do not fit a network of 5 inputs");
    }

    @Test
    void langevinStepsAreTheProcessors() {
        int chains = 300;
        double[] sizes = {0.2, 0.1, 0.3, 0.05};
        float[] start = normals(5 * chains, 4);
        float[] wanted = start.clone();
        float[] found = start.clone();
        float[] parts = start.clone();
        try (Scorer slow = processor.openScorer(ENERGY, PARAMETERS);
                Scorer scorer = device.openScorer(ENERGY, PARAMETERS)) {
            slow.langevin(wanted, chains, sizes, 8, 5);
            scorer.langevin(found, chains, sizes, 8, 5);
            near(found, wanted);
            for (int chain = 0; chain < chains; chain++) {
                assertThat(found[5 * chain + 3]).as("a condition").isEqualTo(start[5 * chain + 3]);
            }
            scorer.langevin(parts, chains, Arrays.copyOf(sizes, 3), 8, 5);
            scorer.langevin(parts, chains, Arrays.copyOfRange(sizes, 3, 4), 8, 8);
            assertThat(parts).containsExactly(found);
            scorer.langevin(parts, chains, new double[0], 8, 8);
            assertThat(parts).containsExactly(found);
            assertThatThrownBy(() -> scorer.langevin(parts, chains + 1, sizes, 8, 5))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Arrays longer than their rows: what lies behind them is others', also while a call is under way. */
    @Test
    void leavesWhatLiesBehindTheRowsAlone() throws Exception {
        int length = 1 << 20;
        float[] row = {1, 2, 3, 4, 5};
        float[] direction = {6, 7, 8};
        double[] sizes = {0.1};
        try (Scorer scorer = device.openScorer(ENERGY, PARAMETERS)) {
            float[] wantedValue = new float[1];
            float[] wantedScore = new float[3];
            float[] wantedProduct = new float[3];
            float[] wantedChain = row.clone();
            scorer.evaluate(row, 1, wantedValue, wantedScore);
            scorer.jvp(row, direction, 1, wantedProduct);
            scorer.langevin(wantedChain, 1, sizes, 1, 0);
            float[] inputs = Arrays.copyOf(row, length);
            float[] directions = Arrays.copyOf(direction, length);
            float[] values = new float[length];
            float[] scores = new float[length];
            float[] products = new float[length];
            float[] chains = inputs.clone();
            writingBehind(values, () -> scorer.evaluate(inputs, 1, values, null));
            writingBehind(scores, () -> scorer.evaluate(inputs, 1, null, scores));
            writingBehind(products, () -> scorer.jvp(inputs, directions, 1, products));
            writingBehind(chains, () -> {
                System.arraycopy(row, 0, chains, 0, row.length);
                scorer.langevin(chains, 1, sizes, 1, 0);
            });
            assertThat(values).startsWith(wantedValue);
            assertThat(scores).startsWith(wantedScore);
            assertThat(products).startsWith(wantedProduct);
            assertThat(chains).startsWith(wantedChain);
        }
    }

    /** Calls while another thread counts in the last place; every number must stay until the next. */
    private static void writingBehind(float[] array, Runnable call) throws Exception {
        VarHandle elements = MethodHandles.arrayElementVarHandle(float[].class);
        int last = array.length - 1;
        AtomicBoolean done = new AtomicBoolean();
        FutureTask<Integer> writer = new FutureTask<>(() -> {
            int undone = 0;
            for (float count = 1; !done.get(); count++) {
                elements.setVolatile(array, last, count);
                Thread.sleep(0, 50_000);
                undone += (float) elements.getVolatile(array, last) == count ? 0 : 1;
            }
            return undone;
        });
        new Thread(writer).start();
        try {
            for (int i = 0; i < 50; i++) {
                call.run();
            }
        } finally {
            done.set(true);
        }
        assertThat(writer.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void servesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Scorer wanted = processor.openScorer(ENERGY, PARAMETERS);
                Scorer found = device.openScorer(ENERGY, PARAMETERS)) {
            List<Callable<Void>> tasks = new java.util.ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int rows = 1 + 13 * i;
                tasks.add(() -> {
                    float[] inputs = normals(5 * rows, rows);
                    float[] directions = normals(3 * rows, ~rows);
                    near(all(found, inputs, directions, rows), all(wanted, inputs, directions, rows));
                    return null;
                });
            }
            for (Future<Void> result : threads.invokeAll(tasks)) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void useAfterCloseThrows() {
        DeviceScorer scorer = device.openScorer(ENERGY, PARAMETERS);
        scorer.close();
        scorer.close();
        for (int rows : new int[] {0, 1}) {
            assertThatThrownBy(() -> scorer.evaluate(new float[5], rows, null, new float[3]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the scorer is closed");
        }
        assertThatThrownBy(() -> scorer.jvp(new float[5], new float[3], 1, new float[3]))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scorer.langevin(new float[5], 1, new double[] {0.1}, 1, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Architecture score = new ScoreMlp(3, 2, List.of(9), Activation.TANH);
        try (DeviceScorer scorer = device.openScorer(score, Parameters.initialize(score, 1));
                FloatPointer inputs = new FloatPointer(10);
                DoublePointer doubles = new DoublePointer(10);
                FloatPointer results = new FloatPointer(6)) {
            assertThatThrownBy(() -> scorer.evaluate(new float[5], 1, new float[1], null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no density");
            assertThatThrownBy(() -> scorer.evaluate(new float[9], 2, null, new float[6]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("inputs of 2 rows need 10 numbers");
            assertThatThrownBy(() -> scorer.evaluate(null, inputs, 3, null, results))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("inputs of 3 rows need 15 floats");
            for (long rows : new long[] {1L << 59, 1L << 61, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> scorer.evaluate(null, inputs, rows, null, results))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("inputs of " + rows + " rows of 5 floats are more than any memory holds");
            }
            assertThatThrownBy(() -> scorer.evaluate(null, doubles, 2, null, results))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("elements of 8 bytes");
            assertThatThrownBy(() -> scorer.evaluate(null, inputs, 0, null, results))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one row");
            // These are on the host.
            assertThatThrownBy(() -> scorer.evaluate(null, inputs, 2, null, results))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not on a device");
        }
        Architecture deep = new ScoreMlp(1, 0, java.util.Collections.nCopies(16, 2), Activation.TANH);
        assertThatThrownBy(() -> device.openScorer(deep, Parameters.initialize(deep, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 15 hidden layers, not 16");
    }
}
