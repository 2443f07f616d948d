package io.github.slicedscore.internal.cuda;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.contract.Cell;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.oracle.EngineCheck;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.GoldenCase;
import io.github.slicedscore.oracle.Oracle;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exact and denoising score matching, which have kernels but no Java values yet, by the native functions. */
@ExtendWith(NothingStaysOpen.class)
class CudaObjectivesTest {
    private static final double SIGMA = 0.3;

    @TestFactory
    Stream<DynamicTest> matchGoldenValues() {
        return GoldenCase.all().stream()
                .map(golden -> dynamicTest(golden.name(), () -> {
                    Oracle.Batch batch = golden.batch();
                    float[] parameters = Floats.of(golden.parameters());
                    float[] inputs = Floats.of(batch.inputs());
                    EngineCheck.checkEvaluation(
                            "exact", exact(golden.architecture(), parameters, inputs), golden.expectedResult("exact"));
                    EngineCheck.checkEvaluation(
                            "dsm",
                            denoising(
                                    golden.architecture(), parameters, inputs, Floats.of(batch.noise()), batch.sigma()),
                            golden.expectedResult("dsm"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> matchOracle() {
        return Cell.all().stream()
                .map(cell -> dynamicTest(cell.toString(), () -> {
                    Architecture architecture = cell.architecture();
                    float[] parameters = cell.parameters();
                    float[] inputs = cell.inputs();
                    Oracle oracle = new Oracle(architecture, Floats.widen(parameters));
                    float[] noise = noise(oracle.score(Floats.widen(inputs)), new Random(cell.seed()));
                    Oracle.Batch batch =
                            new Oracle.Batch(Floats.widen(inputs), new double[0], Floats.widen(noise), SIGMA, 0);
                    EngineCheck.checkEvaluation(
                            "exact", exact(architecture, parameters, inputs), oracle.evaluate("exact", batch));
                    EngineCheck.checkEvaluation(
                            "dsm",
                            denoising(architecture, parameters, inputs, noise, SIGMA),
                            oracle.evaluate("dsm", batch));
                }));
    }

    /** Normal numbers of the scores' signs, so that the sum s + e/sigma does not cancel down to its rounding errors. */
    private static float[] noise(double[] scores, Random random) {
        float[] noise = new float[scores.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) Math.copySign(random.nextGaussian(), scores[i]);
        }
        return noise;
    }

    private static Evaluation exact(Architecture architecture, float[] parameters, float[] inputs) {
        CudaLibrary.Training training = new CudaLibrary.Training();
        training.objective(CudaLibrary.SS_EXACT);
        return evaluate(architecture, training, parameters, inputs, null);
    }

    private static Evaluation denoising(
            Architecture architecture, float[] parameters, float[] inputs, float[] noise, double sigma) {
        CudaLibrary.Training training = new CudaLibrary.Training();
        training.objective(CudaLibrary.SS_DSM);
        training.sigma(sigma);
        return evaluate(architecture, training, parameters, inputs, noise);
    }

    private static Evaluation evaluate(
            Architecture architecture,
            CudaLibrary.Training training,
            float[] parameters,
            float[] inputs,
            float[] slices) {
        int rows = inputs.length / architecture.inputs();
        double[] losses = new double[rows];
        float[] gradient = new float[parameters.length];
        CudaLibrary.ObjectiveHandle objective = new CudaLibrary.ObjectiveHandle();
        CudaStatus.check(
                CudaLibrary.ss_objective_open(0, NativeStructs.network(architecture), training, rows, objective));
        try {
            CudaStatus.check(
                    CudaLibrary.ss_objective_evaluate(objective, parameters, inputs, slices, rows, losses, gradient));
        } finally {
            CudaStatus.check(CudaLibrary.ss_objective_close(objective));
        }
        return new Evaluation(losses, Arrays.stream(losses).average().orElseThrow(), gradient);
    }
}
