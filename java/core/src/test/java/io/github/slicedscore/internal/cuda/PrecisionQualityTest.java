package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a precision costs in a model's quality: the explicit Fisher divergence E|s - s_true|^2 / 2 after training in it, against that
 * after training in FP32 from the same parameters with the same batches and slices.
 *
 * <p>The rate falls to zero and the parameters are averaged, so that noise does not decide, and bounds hold for means over seeds. All
 * models are measured by the processor in single precision, on the same fresh points: what differs is the training alone.
 *
 * <p>Networks are small and trainings short, as the emulated device computes a tensor-core instruction in microseconds. More steps
 * would still better the models.
 */
@ExtendWith(NothingStaysOpen.class)
class PrecisionQualityTest {
    private static final String FULL_PROPERTY = "slicedscore.quality.full";
    private static final int ROWS = 50_000;
    private static final int POINTS = 20_000;
    private static final int STEPS = 1000;
    private static final int SEEDS = 2;

    /** A training that gets nowhere is as bad in each precision; one that works brings the divergence down by at least this. */
    private static final double LEAST_GAIN = 10;

    private static final double SAME_QUALITY = 0.05;
    private static final double BF16_QUALITY = 0.15;

    private static Backend processor;

    /**
     * What is learned, and how.
     *
     * @param name in the figures
     * @param truth the distribution
     * @param kind of network
     * @param rate largest learning rate
     */
    record Problem(String name, GaussianMixture truth, ModelKind kind, double rate) {
        @Override
        public String toString() {
            return name;
        }

        TrainingConfig config(long seed) {
            return TrainingConfig.builder()
                    .kind(kind)
                    .hidden(32, 32)
                    .activation(Activation.SILU)
                    .noise(0)
                    .dequantize(false)
                    .validationFraction(0)
                    .averageDecay(0.99)
                    .batch(64)
                    .steps(STEPS)
                    .learningRate(new LearningRate(rate, LearningRate.Shape.COSINE, 0))
                    .seed(seed)
                    .build();
        }
    }

    static List<Problem> problems() {
        return List.of(
                new Problem("demo, D = 2", GaussianMixture.demo(), ModelKind.ENERGY, 1e-2),
                new Problem("four components, D = 16", wide(), ModelKind.SCORE, 2e-2));
    }

    /** Four round components of different weights and widths, with means at corners of a cube that differ in half their coordinates. */
    private static GaussianMixture wide() {
        double[][] means = new double[4][16];
        for (int k = 0; k < means.length; k++) {
            for (int i = 0; i < means[k].length; i++) {
                boolean odd = Integer.bitCount(i & (2 * k + 1)) % 2 == 1;
                means[k][i] = odd ? -0.5 : 0.5;
            }
        }
        return GaussianMixture.isotropic(new double[] {0.1, 0.2, 0.3, 0.4}, means, new double[] {0.9, 1.0, 1.1, 1.2});
    }

    @BeforeAll
    static void open() {
        assumeTrue(Boolean.getBoolean(FULL_PROPERTY), "takes minutes: mvn -Pemulated -Pfull verify");
        processor = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        if (processor != null) {
            processor.close();
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void isThatOfSinglePrecision(Problem problem) throws IOException {
        double[] initial = new double[SEEDS];
        double[] cpu = new double[SEEDS];
        for (int i = 0; i < SEEDS; i++) {
            try (ScoreModel model = train(problem, i + 1, processor)) {
                cpu[i] = divergence(problem, model);
                try (ScoreModel untrained = untrained(model, i + 1)) {
                    initial[i] = divergence(problem, untrained);
                }
            }
        }
        print(problem, "untrained", initial, initial);
        print(problem, "processor", cpu, cpu);
        double[] fp32 = onDevice(problem, Precision.FP32);
        print(problem, "fp32", fp32, fp32);
        double[] tf32 = onDevice(problem, Precision.TF32);
        print(problem, "tf32", tf32, fp32);
        double[] bf16 = onDevice(problem, Precision.BF16);
        print(problem, "bf16", bf16, fp32);

        assertThat(mean(fp32)).as("fp32 learns").isLessThan(mean(initial) / LEAST_GAIN);
        assertThat(worse(cpu, fp32)).as("processor").isBetween(-SAME_QUALITY, SAME_QUALITY);
        assertThat(worse(tf32, fp32)).as("tf32").isBetween(-SAME_QUALITY, SAME_QUALITY);
        assertThat(worse(bf16, fp32)).as("bf16").isBetween(-BF16_QUALITY, BF16_QUALITY);
        if (CudaLoader.emulationAllowed()) {
            double[] ffma = onDeviceWithoutSplitting(problem);
            print(problem, "fp32, sm_86", ffma, fp32);
            assertThat(worse(ffma, fp32)).as("fp32 of sm_86").isBetween(-SAME_QUALITY, SAME_QUALITY);
        }
    }

    /** In FP32 by the arithmetic of devices whose FP32 units are as fast as their tensor cores in tf32x3. */
    private static double[] onDeviceWithoutSplitting(Problem problem) throws IOException {
        EmulationControl.require();
        EmulationControl.set("profile", "sm_86");
        try {
            return onDevice(problem, Precision.FP32);
        } finally {
            EmulationControl.set("profile", "sm_90");
        }
    }

    /** The divergence after training with each seed. */
    private static double[] onDevice(Problem problem, Precision precision) throws IOException {
        double[] divergences = new double[SEEDS];
        try (CudaBackend backend = NativeLibrary.open(precision)) {
            for (int i = 0; i < SEEDS; i++) {
                long start = System.nanoTime();
                try (ScoreModel model = train(problem, i + 1, backend);
                        ScoreModel measured = ScoreModel.of(contents(model), processor)) {
                    divergences[i] = divergence(problem, measured);
                    System.out.printf(
                            Locale.ROOT,
                            "  %s, %s: %.5f in %.1f s%n",
                            model.provenance().kernels(),
                            CudaProbe.probe(0, precision).arithmetic(),
                            divergences[i],
                            (System.nanoTime() - start) * 1e-9);
                }
            }
        }
        return divergences;
    }

    private static ScoreModel train(Problem problem, long seed, Backend backend) throws IOException {
        return new Trainer(problem.config(seed), problem.truth().sample(1, ROWS), backend)
                .run()
                .model();
    }

    /** The model that the training began with. */
    private static ScoreModel untrained(ScoreModel trained, long seed) {
        ModelContents contents = contents(trained);
        return ScoreModel.of(
                new ModelContents(
                        contents.architecture(),
                        Parameters.initialize(contents.architecture(), seed),
                        contents.standardizer(),
                        contents.columns(),
                        contents.conditions(),
                        contents.provenance(),
                        new double[0]),
                processor);
    }

    private static ModelContents contents(ScoreModel model) {
        return new ModelContents(
                model.architecture(),
                model.parameters(),
                model.standardizer(),
                model.columns(),
                model.conditions(),
                model.provenance(),
                new double[0]);
    }

    /** E|s - s_true|^2 / 2 in original units, over points that no training has seen. */
    private static double divergence(Problem problem, ScoreModel model) {
        int dimension = problem.truth().dimension();
        Dataset points = problem.truth().sample(2, POINTS);
        double[] rows = new double[POINTS * dimension];
        for (int row = 0; row < POINTS; row++) {
            points.copyRow(row, rows, row * dimension);
        }
        double[] learned = new double[rows.length];
        model.score(rows, POINTS, learned);
        double[] point = new double[dimension];
        double[] wanted = new double[dimension];
        double sum = 0;
        for (int row = 0; row < POINTS; row++) {
            points.copyRow(row, point, 0);
            problem.truth().score(point, wanted);
            for (int i = 0; i < dimension; i++) {
                double difference = learned[row * dimension + i] - wanted[i];
                sum += difference * difference;
            }
        }
        return sum / (2 * POINTS);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** By what part a mean divergence is larger than another. */
    private static double worse(double[] divergences, double[] reference) {
        return mean(divergences) / mean(reference) - 1;
    }

    private static void print(Problem problem, String name, double[] divergences, double[] reference) {
        System.out.printf(
                Locale.ROOT,
                "quality: %s | %s | %s | %.5f | %+.2f %%%n",
                problem,
                name,
                String.join(
                        " ",
                        Arrays.stream(divergences)
                                .mapToObj(value -> String.format(Locale.ROOT, "%.5f", value))
                                .toList()),
                mean(divergences),
                100 * worse(divergences, reference));
    }
}
