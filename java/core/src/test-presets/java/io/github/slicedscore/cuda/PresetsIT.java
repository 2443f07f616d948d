package io.github.slicedscore.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.bytedeco.cuda.global.cudart.cudaMemGetInfo;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.BatchOrder;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Memory and streams of the JavaCPP CUDA presets in the calls that take pointers, on the emulated device.
 *
 * <p>Queued work runs here as late as it may, in any order that nothing forbids: without the event before a call, it would
 * compute with NaN, as fresh device memory holds; without the one behind it, the copy of its result would.
 */
class PresetsIT {
    private static final int DIMENSION = 3;
    private static final int CONDITIONS = 1;
    private static final int WIDTH = DIMENSION + CONDITIONS;
    private static final int ROWS = 65;
    private static final int BATCH = 17;
    private static final long SEED = 11;
    private static final Architecture ARCHITECTURE =
            new EnergyMlp(DIMENSION, CONDITIONS, List.of(33, 8), Activation.SOFTPLUS, 2);
    private static final Parameters PARAMETERS = Parameters.initialize(ARCHITECTURE, SEED);
    private static final Standardizer UNITS =
            new Standardizer(new double[] {1, -2, 0.5, 3}, new double[] {2, 0.5, 1, 4});

    // Opened before the first use of the presets: with it come the emulated libraries that their natives then find
    // loaded.
    private DeviceBackend backend;
    private DeviceScorer scorer;
    private long freeBytes;
    private PresetsStream stream;

    @BeforeEach
    void open() {
        backend = DeviceBackend.open(0);
        freeBytes = freeBytes();
        scorer = backend.openScorer(ARCHITECTURE, PARAMETERS, UNITS);
        stream = new PresetsStream();
    }

    @AfterEach
    void close() {
        stream.close();
        scorer.close();
        assertThat(freeBytes()).as("bytes of device memory that are free").isEqualTo(freeBytes);
        backend.close();
    }

    @Test
    void aScoreIsInOrderWithTheStream() {
        float[] inputs = random(ROWS * WIDTH, 1);
        FloatPointer batch = stream.send(inputs);
        FloatPointer values = stream.deviceArray(ROWS);
        FloatPointer scores = stream.deviceArray(ROWS * DIMENSION);
        scorer.evaluate(stream.handle, batch, ROWS, values, scores);
        FloatPointer fetchedValues = stream.fetch(values, ROWS);
        FloatPointer fetchedScores = stream.fetch(scores, ROWS * DIMENSION);
        stream.spoil(batch, ROWS * WIDTH);

        assertThat(PresetsStream.floats(fetchedScores, ROWS * DIMENSION))
                .as("scores before anybody waited")
                .containsOnly(0);
        stream.synchronize();

        float[] expectedValues = new float[ROWS];
        float[] expectedScores = new float[ROWS * DIMENSION];
        scorer.evaluate(inputs, ROWS, expectedValues, expectedScores);
        assertThat(PresetsStream.floats(fetchedValues, ROWS)).isEqualTo(expectedValues);
        assertThat(PresetsStream.floats(fetchedScores, ROWS * DIMENSION)).isEqualTo(expectedScores);
    }

    @Test
    void aProductIsInOrderWithTheStream() {
        float[] inputs = random(ROWS * WIDTH, 2);
        float[] directions = random(ROWS * DIMENSION, 3);
        FloatPointer batch = stream.send(inputs);
        FloatPointer along = stream.send(directions);
        FloatPointer products = stream.deviceArray(ROWS * DIMENSION);
        scorer.jvp(stream.handle, batch, along, ROWS, products);
        FloatPointer fetched = stream.fetch(products, ROWS * DIMENSION);
        stream.spoil(along, ROWS * DIMENSION);
        stream.synchronize();

        float[] expected = new float[ROWS * DIMENSION];
        scorer.jvp(inputs, directions, ROWS, expected);
        assertThat(PresetsStream.floats(fetched, ROWS * DIMENSION)).isEqualTo(expected);
    }

    @Test
    void aResultIsTheNextCallsDirection() {
        float[] inputs = random(ROWS * WIDTH, 4);
        FloatPointer batch = stream.send(inputs);
        FloatPointer scores = stream.deviceArray(ROWS * DIMENSION);
        FloatPointer products = stream.deviceArray(ROWS * DIMENSION);
        scorer.evaluate(stream.handle, batch, ROWS, null, scores);
        scorer.jvp(stream.handle, batch, scores, ROWS, products);
        FloatPointer fetched = stream.fetch(products, ROWS * DIMENSION);
        stream.synchronize();

        float[] directions = new float[ROWS * DIMENSION];
        float[] expected = new float[ROWS * DIMENSION];
        scorer.evaluate(inputs, ROWS, null, directions);
        scorer.jvp(inputs, directions, ROWS, expected);
        assertThat(PresetsStream.floats(fetched, ROWS * DIMENSION)).isEqualTo(expected);
    }

    @Test
    void aBatchGoesThroughTrainingSteps() {
        float[] values = random(203 * WIDTH, 5);
        TrainingRows rows = new TrainingRows(
                values, 203, DIMENSION, CONDITIONS, new Augmentation(new float[] {0.1f, 0, 0.2f}, 0.05f));
        TrainingSpec spec = new TrainingSpec(
                ARCHITECTURE,
                new VarianceReducedScoreMatching(new Slices(2, Projection.RADEMACHER)),
                new Adam(),
                new Schedule.Constant(5e-3),
                0.5,
                0.9,
                BATCH,
                SEED);
        BatchOrder order = new BatchOrder(SEED, rows.rows());
        TrainingState start = TrainingState.at(PARAMETERS);
        try (DeviceTrainingRun drawing = backend.openTraining(spec, rows, start);
                DeviceTrainingRun given = backend.openTraining(spec, rows, start)) {
            for (int step = 0; step < 3; step++) {
                float[] batch = new float[BATCH * WIDTH];
                for (int i = 0; i < BATCH; i++) {
                    System.arraycopy(values, order.row(step, BATCH, i) * WIDTH, batch, i * WIDTH, WIDTH);
                }
                FloatPointer onDevice = stream.send(batch);
                StepResult result = given.step(stream.handle, onDevice);
                stream.spoil(onDevice, BATCH * WIDTH);

                assertThat(result).isEqualTo(drawing.step(1));
            }
            assertThat(given.state()).isEqualTo(drawing.state());
        }
    }

    @Test
    void theExampleOfTheReadmeGivesTheModelsScores() {
        ModelContents contents = new ModelContents(
                ARCHITECTURE,
                PARAMETERS,
                UNITS,
                List.of("a", "b", "c"),
                List.of("given"),
                new Provenance("1", "2026-11-24T00:00:00Z", "17", "none", "", ROWS, SEED, 1, 1, 0, 0, Map.of()),
                new double[0]);
        double[] inputs = new double[ROWS * WIDTH];
        float[] batch = random(inputs.length, 6);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = batch[i];
        }
        double[] expected = new double[ROWS * DIMENSION];
        FloatPointer scores = stream.deviceArray(ROWS * DIMENSION);
        FloatPointer fetched;
        try (ScoreModel model = ScoreModel.of(contents, backend);
                DeviceScoring example = new DeviceScoring(model)) {
            model.score(inputs, ROWS, expected);
            example.score(stream.handle, stream.send(batch), ROWS, scores);
            fetched = stream.fetch(scores, ROWS * DIMENSION);
            stream.synchronize();
        }

        float[] actual = PresetsStream.floats(fetched, ROWS * DIMENSION);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], offset(1e-5));
        }
    }

    @Test
    void theExampleStandsInTheReadme() throws IOException {
        String example =
                Files.readString(Path.of("src/test-presets/java/io/github/slicedscore/cuda/DeviceScoring.java"));
        String code = example.substring(example.indexOf("/**"));

        assertThat(Files.readString(Path.of("..", "..", "README.md"))).contains(code);
    }

    private static long freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            PresetsStream.check(cudaMemGetInfo(free, total));
            return free.get();
        }
    }

    private static float[] random(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
