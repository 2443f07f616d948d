package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.exchange.OnnxArray.Element;
import io.github.slicedscore.io.DType;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.oracle.Deviation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What exported graphs are tested with computes a graph that the package onnx wrote as ONNX Runtime did, operator by operator.
 */
class OnnxEvaluatorTest {
    @Test
    void computesWhatOnnxRuntimeDoes() throws IOException {
        OnnxFile file = OnnxFile.parse(Files.readAllBytes(Fixtures.file("reference.onnx")));
        SafeTensors expected = SafeTensors.read(Fixtures.file("reference.expected.safetensors"));
        Map<String, OnnxArray> values = OnnxEvaluator.evaluate(
                file, Map.of("rows", array(expected.tensors().get("rows"))));

        assertThat(file.opset()).isEqualTo(17);
        assertThat(file.irVersion()).isEqualTo(8);
        assertThat(file.inputs()).containsExactly("FLOAT rows[N, 4]");
        int compared = 0;
        for (Map.Entry<String, Tensor> entry : expected.tensors().entrySet()) {
            if (entry.getKey().startsWith("output.")) {
                String name = entry.getKey().substring("output.".length());
                OnnxArray wanted = array(entry.getValue());
                assertThat(values.get(name).shape()).as("shape of " + name).isEqualTo(wanted.shape());
                assertThat(values.get(name).type()).as("type of " + name).isEqualTo(wanted.type());
                assertThat(Deviation.ofScale(values.get(name).values(), wanted.values()))
                        .as("deviation of " + name)
                        .isLessThan(1e-6);
                compared++;
            }
        }
        assertThat(compared)
                .isEqualTo(file.outputs().size())
                .isEqualTo(file.nodes().size() - 2);
    }

    private static OnnxArray array(Tensor tensor) {
        return new OnnxArray(
                tensor.dtype() == DType.F64 ? Element.DOUBLE : Element.FLOAT,
                tensor.shape().stream().mapToInt(Integer::intValue).toArray(),
                tensor.toDoubles());
    }
}
