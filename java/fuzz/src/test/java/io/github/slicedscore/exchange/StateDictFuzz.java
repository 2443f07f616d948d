package io.github.slicedscore.exchange;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.fuzz.Hostile;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A state dict is refused, or its layers are the same after a model was made of them and written as one. */
public final class StateDictFuzz {
    private StateDictFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Optional<StateDict> read = Hostile.read(input, StateDict::read);
        if (read.isEmpty()) {
            return;
        }
        StateDict dict = read.get();
        int width = dict.inputs();
        if (width != dict.outputs()) {
            return;
        }
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        ModelContents model = dict.toModel(
                new ScoreMlp(width, 0, dict.hidden(), Activation.TANH),
                new Standardizer(new double[width], ones),
                IntStream.range(0, width).mapToObj(i -> "x" + i).toList(),
                List.of());
        StateDict again = Hostile.read(Hostile.written(file -> StateDict.write(model, file)), StateDict::read)
                .orElseThrow();
        for (int i = 0; i < dict.layers().size(); i++) {
            Hostile.requireEqual(
                    numbers(again.layers().get(i)), numbers(dict.layers().get(i)));
        }
    }

    private static String numbers(LinearLayer layer) {
        return Arrays.toString(layer.weight()) + Arrays.toString(layer.bias());
    }

    public static List<byte[]> seeds() throws IOException {
        Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor vector = Tensor.of(new double[] {1, 2}, 2);
        return List.of(
                bytes(Map.of("weight", Tensor.of(new float[] {1}, 1, 1), "bias", Tensor.of(new float[] {1}, 1))),
                bytes(Map.of(
                        "net.0.weight", matrix, "net.0.bias", vector, "net.10.weight", matrix, "net.10.bias", vector)));
    }

    private static byte[] bytes(Map<String, Tensor> tensors) throws IOException {
        return Hostile.written(new SafeTensors(Map.of("format", "pt"), tensors)::write);
    }
}
