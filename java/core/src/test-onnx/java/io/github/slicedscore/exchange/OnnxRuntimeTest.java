package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.exchange.OnnxExamples.Example;
import io.github.slicedscore.exchange.OnnxOptions.Output;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes exported graphs as this library computes the models. */
class OnnxRuntimeTest {
    private static final Map<String, Example> EXAMPLES = OnnxExamples.all();
    private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();
    private static final Backend BACKEND = Backends.open("cpu", new BackendOptions());
    private static double largest;

    static Set<String> examples() {
        return EXAMPLES.keySet();
    }

    @AfterAll
    static void close() {
        System.out.printf(
                "ONNX Runtime %s: largest deviation of %d models: %.2g of the size of their results%n",
                RUNTIME.getVersion(), EXAMPLES.size(), largest);
        BACKEND.close();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aGraphGivesWhatTheModelGives(String name) throws OrtException {
        Example example = EXAMPLES.get(name);
        Map<String, float[]> results = run(example, OnnxOptions.DEFAULT, example.count());
        try (ScoreModel model = ScoreModel.of(example.model(), BACKEND)) {
            int dimension = model.columns().size();
            double[] scores = new double[example.count() * dimension];
            double[] densities = new double[example.count()];
            if (model.noiseLevels().isEmpty()) {
                model.score(Floats.widen(example.rows()), example.count(), scores);
                if (model.hasDensity()) {
                    model.logDensity(Floats.widen(example.rows()), example.count(), densities);
                }
            } else {
                evaluateAtLevels(model, example, scores, densities);
            }
            check(results.get("score"), scores);
            if (model.hasDensity()) {
                check(results.get("log_density"), densities);
            } else {
                assertThat(results).containsOnlyKeys("score");
            }
        }
    }

    /** A model itself answers at the smallest level alone, its scorer at all. */
    private static void evaluateAtLevels(ScoreModel model, Example example, double[] scores, double[] densities) {
        float[] standardScores = new float[scores.length];
        float[] values = model.hasDensity() ? new float[densities.length] : null;
        model.scorer().evaluate(example.inputs(), example.count(), values, standardScores);
        double[] deviations = model.standardizer().deviations();
        int dimension = model.columns().size();
        Arrays.setAll(scores, i -> standardScores[i] / deviations[i % dimension]);
        if (values != null) {
            Arrays.setAll(densities, i -> values[i] - model.standardizer().logScale(dimension));
        }
    }

    private static void check(float[] actual, double[] expected) {
        double deviation = Deviation.ofScale(Floats.widen(actual), expected);
        largest = Math.max(largest, deviation);
        assertThat(deviation).isLessThan(1e-5);
    }

    @Test
    void everyVersionOfTheOperatorsGivesTheSame() throws OrtException {
        for (String name :
                Set.of("energy-gelu-everything-given1", "score-elu-everything-given0", "energy-relu-plain-given0")) {
            Example example = EXAMPLES.get(name);
            Map<String, float[]> wanted = run(example, OnnxOptions.DEFAULT, example.count());
            for (int opset = OnnxOptions.OLDEST_OPSET; opset <= OnnxOptions.NEWEST_OPSET; opset++) {
                Map<String, float[]> results = run(example, new OnnxOptions(Output.ALL, opset), example.count());
                assertThat(results.get("score")).as("opset %d", opset).isEqualTo(wanted.get("score"));
            }
        }
    }

    @Test
    void batchesMayHaveAnySize() throws OrtException {
        Example example = EXAMPLES.get("energy-silu-everything-given1");
        Map<String, float[]> all = run(example, OnnxOptions.DEFAULT, example.count());
        Map<String, float[]> one = run(example, OnnxOptions.DEFAULT, 1);
        assertThat(one.get("log_density")).hasSize(1);
        assertThat(Deviation.ofScale(Floats.widen(one.get("score")), Floats.widen(Arrays.copyOf(all.get("score"), 3))))
                .isLessThan(1e-5);
        assertThat(run(example, OnnxOptions.DEFAULT, 0).get("score")).isEmpty();
    }

    private static Map<String, float[]> run(Example example, OnnxOptions options, int count) throws OrtException {
        int width = example.rows().length / example.count();
        Map<String, float[]> results = new HashMap<>();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OrtSession session = RUNTIME.createSession(OnnxExporter.toBytes(example.model(), options))) {
            inputs.put("rows", tensor(Arrays.copyOf(example.rows(), count * width), count, width));
            if (session.getInputNames().contains("sigma")) {
                inputs.put("sigma", tensor(Arrays.copyOf(example.sigma(), count), count));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                for (Map.Entry<String, ?> entry : result) {
                    FloatBuffer buffer = ((OnnxTensor) entry.getValue()).getFloatBuffer();
                    float[] values = new float[buffer.remaining()];
                    buffer.get(values);
                    results.put(entry.getKey(), values);
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
        return results;
    }

    private static OnnxTensor tensor(float[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(RUNTIME, FloatBuffer.wrap(values), shape);
    }
}
