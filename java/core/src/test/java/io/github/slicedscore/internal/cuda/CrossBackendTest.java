package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.data.BatchOrder;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedObjective;
import io.github.slicedscore.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The device beside the processor: the same training, step by step, and from one to the other. */
@ExtendWith(NothingStaysOpen.class)
class CrossBackendTest {
    private static final int STEPS = 50;

    private static Backend processor;
    private static CudaBackend device;

    @TempDir
    private Path folder;

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

    /** With everything on; an epsilon that keeps rounding errors of tiny gradients from growing to full steps. */
    private static TrainingCase training(boolean energy, String objective) {
        TrainingCase all = TrainingCase.of(energy, objective);
        return all.with(new AdamW(0.9, 0.999, 1e-4, 0.1), all.schedule(), all.clipNorm(), all.averageDecay());
    }

    @ParameterizedTest(name = "energy {0}, {1}")
    @MethodSource("io.github.slicedscore.contract.TrainingCase#choices")
    void trainsAsTheProcessorDoes(boolean energy, String objective) {
        TrainingCase training = training(energy, objective);
        try (TrainingRun wanted = training.open(processor);
                TrainingRun found = training.open(device)) {
            for (int step = 0; step < STEPS; step++) {
                double size = size(training, wanted.state());
                assertSame(step, size, found.step(1), wanted.step(1));
            }
            assertThat(found.parameters().toArray()).isNotEqualTo(found.state().parameters());
        }
    }

    /** Rounded factors: the processor does each step from the device's state, so that errors do not add up. */
    @ParameterizedTest(name = "{0}, energy {1}, {2}")
    @CsvSource({"TF32,false,ssm-vr", "TF32,true,ssm-vr", "BF16,false,ssm", "BF16,true,exact"})
    void trainsInOtherPrecisions(Precision precision, boolean energy, String objective) {
        TrainingCase training = training(energy, objective);
        double tolerance = precision == Precision.TF32 ? 5e-3 : 4e-2;
        try (CudaBackend rounding = NativeLibrary.open(precision);
                TrainingRun found = training.open(rounding);
                TrainingRun again = training.open(rounding)) {
            assertThat(found.kernels()).startsWith("cuda-" + precision.id() + "-");
            for (int step = 0; step < 10; step++) {
                TrainingState state = found.state();
                StepResult result = found.step(1);
                try (TrainingRun one = training.open(processor, state)) {
                    StepResult wanted = one.step(1);
                    double size = size(training, state);
                    assertThat(result.loss())
                            .as("loss of step %d", step)
                            .isCloseTo(wanted.loss(), within(tolerance * size));
                    assertThat(result.gradientNorm())
                            .as("gradient norm of step %d", step)
                            .isCloseTo(wanted.gradientNorm(), within(4 * tolerance * wanted.gradientNorm()));
                }
                assertThat(again.step(1)).isEqualTo(result);
            }
            assertThat(again.state()).isEqualTo(found.state());
        }
    }

    private static void assertSame(int step, double size, StepResult found, StepResult wanted) {
        assertThat(found.step()).isEqualTo(wanted.step());
        assertThat(found.loss())
                .as("loss of step %d, terms of %s", step, size)
                .isCloseTo(wanted.loss(), within((step < 10 ? 1e-4 : 1e-3) * size));
        assertThat(found.gradientNorm())
                .as("gradient norm of step %d", step)
                .isCloseTo(wanted.gradientNorm(), within(1e-2 * wanted.gradientNorm()));
    }

    /**
     * What losses of a state's next batch are differences of: mean(|q| + |s|^2 / 2), where there are slices; the exact trace is
     * a sum of q along the axes. Denoising's loss, mean |s + e / sigma|^2 / 2, is a difference of nothing.
     */
    private static double size(TrainingCase training, TrainingState state) {
        Architecture architecture = training.architecture();
        int dimension = architecture.dimension();
        TrainingRows rows = TrainingCase.rows();
        BatchOrder order = new BatchOrder(TrainingCase.SEED, rows.rows());
        Philox philox = new Philox();
        float[] row = new float[architecture.inputs()];
        float[] score = new float[dimension];
        float[] product = new float[dimension];
        double sum = 0;
        try (Scorer scorer = processor.openScorer(architecture, Parameters.of(architecture, state.parameters()))) {
            for (int i = 0; i < TrainingCase.BATCH; i++) {
                rows.copy(
                        philox,
                        TrainingCase.SEED,
                        state.step(),
                        i,
                        order.row(state.step(), TrainingCase.BATCH, i),
                        row);
                float[] seed = new float[dimension];
                if (training.objective() instanceof DenoisingScoreMatching dsm) {
                    dsm.draw(philox, TrainingCase.SEED, i, 0, state.step(), seed, dimension);
                    for (int d = 0; d < dimension; d++) {
                        row[d] += (float) dsm.sigma() * seed[d];
                        seed[d] /= (float) dsm.sigma();
                    }
                }
                scorer.evaluate(row, 1, null, score);
                for (int d = 0; d < dimension; d++) {
                    seed[d] += score[d];
                }
                sum += dot(seed, seed) / 2;
                for (float[] slice : slices(training.objective(), philox, i, state.step(), dimension)) {
                    scorer.jvp(row, slice, 1, product);
                    sum += Math.abs(dot(slice, product));
                }
            }
        }
        return sum / TrainingCase.BATCH;
    }

    /** Directions whose v.J v add up to the estimate of the trace. */
    private static List<float[]> slices(Objective objective, Philox philox, int position, long step, int dimension) {
        List<float[]> directions = new ArrayList<>();
        if (objective instanceof SlicedObjective sliced) {
            int count = sliced.slices().count();
            for (int m = 0; m < count; m++) {
                float[] slice = new float[dimension];
                sliced.slices().draw(philox, TrainingCase.SEED, position, m, step, slice, dimension);
                for (int d = 0; d < dimension; d++) {
                    slice[d] /= (float) Math.sqrt(count);
                }
                directions.add(slice);
            }
        } else if (objective instanceof ExactScoreMatching) {
            for (int m = 0; m < dimension; m++) {
                float[] axis = new float[dimension];
                axis[m] = 1;
                directions.add(axis);
            }
        }
        return directions;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest(name = "energy {0}")
    @CsvSource({"false", "true"})
    void checkpointsOfEitherContinueOnTheOther(boolean energy) throws IOException {
        TrainingCase training = training(energy, "ssm-vr");
        try (TrainingRun whole = training.open(processor)) {
            TrainingState start = training.start();
            for (Backend backend : new Backend[] {processor, device, processor, device}) {
                try (TrainingRun part = training.open(backend, start)) {
                    for (int i = 0; i < 10; i++) {
                        double size = size(training, whole.state());
                        assertSame((int) whole.step(), size, part.step(1), whole.step(1));
                    }
                    TrainingState end = part.state();
                    start = throughAFile(end, part.kernels());
                    assertThat(start).isEqualTo(end);
                }
            }
        }
    }

    private TrainingState throughAFile(TrainingState state, String kernels) throws IOException {
        Path file = folder.resolve("checkpoint.safetensors");
        new Checkpoint(
                        Map.of(),
                        kernels,
                        Philox.LAYOUT,
                        state.step(),
                        state.parameters(),
                        state.firstMoment(),
                        state.secondMoment(),
                        state.average(),
                        new float[0],
                        0,
                        Double.NaN,
                        Map.of())
                .write(file);
        Checkpoint read = Checkpoint.read(file);
        assertThat(read.kernels()).isEqualTo(kernels);
        return new TrainingState(
                read.step(), read.parameters(), read.firstMoment(), read.secondMoment(), read.average());
    }

    @Test
    void twoRunsAreTheSameBitForBit() {
        TrainingCase training = TrainingCase.of(true, true);
        try (CudaBackend other = NativeLibrary.open();
                TrainingRun one = training.open(device);
                TrainingRun two = training.open(other)) {
            for (int i = 0; i < 20; i++) {
                assertThat(two.step(1)).isEqualTo(one.step(1));
            }
            assertThat(two.state()).isEqualTo(one.state());
        }
    }

    @ParameterizedTest(name = "energy {0}")
    @CsvSource({"false", "true"})
    void rowsKeptOnTheHostGiveTheSameBits(boolean energy) {
        TrainingCase training = TrainingCase.of(energy, true);
        try (CudaTrainingRun there = open(training, CudaLibrary.SS_RESIDENCE_DEVICE);
                CudaTrainingRun here = open(training, CudaLibrary.SS_RESIDENCE_HOST)) {
            assertThat(there.isResident()).isTrue();
            assertThat(here.isResident()).isFalse();
            assertThat(here.step(30)).isEqualTo(there.step(30));
            assertThat(here.state()).isEqualTo(there.state());
            assertThat(here.gradient(5, 20).sum())
                    .containsExactly(there.gradient(5, 20).sum());
            assertThat(here.step(1)).isEqualTo(there.step(1));
        }
    }

    private static CudaTrainingRun open(TrainingCase training, int residence) {
        return device.openTraining(training.spec(), TrainingCase.rows(), training.start(), residence);
    }

    @Test
    void theCallersBatchTakesThePlaceOfTheRunsOwn() {
        TrainingCase training = TrainingCase.of(false, true);
        TrainingRows rows = TrainingCase.rows();
        int width = training.architecture().inputs();
        BatchOrder order = new BatchOrder(TrainingCase.SEED, rows.rows());
        try (CudaTrainingRun own = open(training, CudaLibrary.SS_RESIDENCE_AUTO);
                CudaTrainingRun given = open(training, CudaLibrary.SS_RESIDENCE_AUTO);
                FloatPointer batch = new FloatPointer((long) TrainingCase.BATCH * width + 1)) {
            for (int step = 0; step < 5; step++) {
                for (int i = 0; i < TrainingCase.BATCH; i++) {
                    int row = order.row(step, TrainingCase.BATCH, i);
                    batch.position(1 + (long) i * width).put(rows.values(), row * width, width);
                }
                assertThat(given.step(null, batch.position(1))).isEqualTo(own.step(1));
            }
            assertThat(given.step()).isEqualTo(5);
            assertThat(given.state()).isEqualTo(own.state());
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> given.step(null, batch.position(2))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("batch of 37 rows need 259 floats, but from its position on the pointer has 258");
        }
    }
}
