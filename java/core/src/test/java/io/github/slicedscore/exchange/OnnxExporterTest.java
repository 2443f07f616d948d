package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.slicedscore.Version;
import io.github.slicedscore.exchange.OnnxArray.Element;
import io.github.slicedscore.exchange.OnnxExamples.Example;
import io.github.slicedscore.exchange.OnnxOptions.Output;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported graphs, computed in double precision, against the oracle; ONNX Runtime computes them in the profile onnx. */
class OnnxExporterTest {
    private static final Map<String, Example> EXAMPLES = OnnxExamples.all();

    @TempDir
    Path folder;

    static Set<String> examples() {
        return EXAMPLES.keySet();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aGraphComputesTheModel(String name) {
        Example example = EXAMPLES.get(name);
        ModelContents model = example.model();
        int dimension = model.architecture().dimension();
        Map<String, OnnxArray> values = evaluate(example, OnnxOptions.DEFAULT);
        Oracle oracle =
                new Oracle(model.architecture(), Floats.widen(model.parameters().toArray()));
        double[] inputs = Floats.widen(example.inputs());

        double[] scores = oracle.score(inputs);
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= model.standardizer().deviations()[i % dimension];
        }
        OnnxArray score = values.get("score");
        assertThat(score.type()).isEqualTo(Element.FLOAT);
        assertThat(score.shape()).containsExactly(example.count(), dimension);
        // Single precision comes in where the graph casts: factors of noise levels, the base's pull, the result.
        assertThat(Deviation.ofScale(score.values(), scores)).isLessThan(1e-6);

        if (model.architecture() instanceof EnergyMlp) {
            double[] densities = oracle.value(inputs);
            for (int i = 0; i < densities.length; i++) {
                densities[i] -= model.standardizer().logScale(dimension);
            }
            OnnxArray logDensity = values.get("log_density");
            assertThat(logDensity.type()).isEqualTo(Element.FLOAT);
            assertThat(logDensity.shape()).containsExactly(example.count());
            assertThat(Deviation.ofScale(logDensity.values(), densities)).isLessThan(1e-6);
        } else {
            assertThat(values).doesNotContainKey("log_density");
        }
    }

    private static Map<String, OnnxArray> evaluate(Example example, OnnxOptions options) {
        Map<String, OnnxArray> inputs = new HashMap<>();
        int width = example.rows().length / example.count();
        inputs.put(
                "rows", new OnnxArray(Element.FLOAT, new int[] {example.count(), width}, Floats.widen(example.rows())));
        if (example.model().architecture().noiseLevels().isPresent()) {
            inputs.put(
                    "sigma", new OnnxArray(Element.FLOAT, new int[] {example.count()}, Floats.widen(example.sigma())));
        }
        return OnnxEvaluator.evaluate(file(example.model(), options), inputs);
    }

    private static OnnxFile file(ModelContents model, OnnxOptions options) {
        return OnnxFile.parse(OnnxExporter.toBytes(model, options));
    }

    @Test
    void aGraphSaysWhatItIs() {
        OnnxFile file = file(ModelExamples.leveled(), OnnxOptions.DEFAULT);
        assertThat(file.producer()).isEqualTo("slicedscore " + Version.STRING);
        assertThat(file.opset()).isEqualTo(17);
        assertThat(file.irVersion()).isEqualTo(8);
        assertThat(file.inputs()).containsExactly("FLOAT rows[N, 3]", "FLOAT sigma[N]");
        assertThat(file.outputs()).containsExactly("FLOAT score[N, 2]", "FLOAT log_density[N]");
        assertThat(file.metadata())
                .containsEntry("kind", "energy")
                .containsEntry("noise_levels.smallest", "0.25")
                .containsEntry("condition_columns", "[\"year\"]")
                .containsEntry("provenance.seed", "-7")
                .doesNotContainKey("format_version");
    }

    /** All that was computed is used: nothing of the reverse pass where no score is asked, and the other way round. */
    @Test
    void theOutputsAreThoseAskedFor() {
        for (Output output : Output.values()) {
            OnnxFile file = file(ModelExamples.leveled(), new OnnxOptions(output, 17));
            Set<String> given = new HashSet<>();
            file.nodes().forEach(node -> given.add(node.output()));
            file.nodes().forEach(node -> given.removeAll(node.inputs()));
            assertThat(given)
                    .isEqualTo(
                            switch (output) {
                                case ALL -> Set.of("score", "log_density");
                                case SCORE -> Set.of("score");
                                case LOG_DENSITY -> Set.of("log_density");
                            });
            Set<String> constants = new HashSet<>(file.constants().keySet());
            file.nodes().forEach(node -> constants.removeAll(node.inputs()));
            assertThat(constants).isEmpty();
        }
        assertThat(file(ModelExamples.score(), OnnxOptions.DEFAULT).outputs()).containsExactly("FLOAT score[N, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxExporter.toBytes(ModelExamples.score(), new OnnxOptions(Output.LOG_DENSITY, 17)))
                .withMessageContaining("score network, which has no log-density; ");
    }

    @Test
    void versionsOfTheOperatorsGoWithThoseOfTheFormat() {
        int[][] versions = {{13, 7}, {14, 7}, {15, 8}, {18, 8}, {19, 9}, {20, 9}, {21, 10}};
        for (int[] version : versions) {
            OnnxFile file = file(ModelExamples.energy(), new OnnxOptions(Output.ALL, version[0]));
            assertThat(file.opset()).isEqualTo(version[0]);
            assertThat(file.irVersion()).isEqualTo(version[1]);
        }
        for (int opset : new int[] {12, 22}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new OnnxOptions(Output.ALL, opset))
                    .withMessageContaining("versions 13 to 21")
                    .withMessageContaining("not " + opset);
        }
    }

    @Test
    void equalModelsGiveEqualBytes() throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxExporter.write(ModelExamples.leveled(), OnnxOptions.DEFAULT, file);
        assertThat(Files.readAllBytes(file))
                .isEqualTo(OnnxExporter.toBytes(ModelExamples.leveled(), OnnxOptions.DEFAULT));
    }
}
