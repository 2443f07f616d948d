package io.github.slicedscore.exchange;

import io.github.slicedscore.Version;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The state dict of a PyTorch perceptron: a chain of {@code torch.nn.Linear} layers with activations between them, as
 *
 * <pre>safetensors.torch.save_file(net.state_dict(), path)</pre>
 *
 * writes it. Activations have no numbers and so are not in it; the architecture says which they are.
 *
 * <pre>{@code
 * StateDict dict = StateDict.read(Path.of("net.safetensors"));
 * Architecture network = new ScoreMlp(2, 0, dict.hidden(), Activation.SOFTPLUS);
 * Standardizer units = new Standardizer(new double[] {0, 0}, new double[] {1, 1});
 * ModelFile.write(dict.toModel(network, units, List.of("a", "b"), List.of()), Path.of("model.safetensors"));
 * }</pre>
 *
 * @param layers first to last; each takes as many numbers as the one before it gives
 */
public record StateDict(List<LinearLayer> layers) {
    /** Copies the list, and checks that the layers chain. */
    public StateDict {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a perceptron has at least one layer");
        }
        for (int i = 1; i < layers.size(); i++) {
            if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
                throw new IllegalArgumentException(layers.get(i) + " cannot follow " + layers.get(i - 1));
            }
        }
    }

    /**
     * Reads a state dict whose layers follow each other in the natural order of their names: {@code net.2} before
     * {@code net.10}, {@code fc1} before {@code fc2}.
     *
     * @param file tensors {@code NAME.weight} [out, in] and {@code NAME.bias} [out] of 64, 32 or 16-bit floating point,
     *     rounded to single precision
     * @return its layers
     * @throws MalformedFileException naming the tensor, if they are no chain of layers
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path file) throws IOException {
        return new StateDictReader(file).read(List.of());
    }

    /**
     * Reads a state dict whose names do not tell the order of its layers.
     *
     * @param file as above
     * @param names all NAMEs, first layer to last
     * @return its layers
     * @throws MalformedFileException naming the tensor, if they are no chain of layers, or others than the names say
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path file, List<String> names) throws IOException {
        return new StateDictReader(file).read(names);
    }

    /**
     * Length of the network's input.
     *
     * @return D + C
     */
    public int inputs() {
        return layers.get(0).inputs();
    }

    /**
     * Length of the network's output.
     *
     * @return D for a score network, 1 for an energy
     */
    public int outputs() {
        return layers.get(layers.size() - 1).outputs();
    }

    /**
     * Widths of the hidden layers.
     *
     * @return first to last; empty where there is one layer
     */
    public List<Integer> hidden() {
        return layers.stream()
                .limit(layers.size() - 1L)
                .map(LinearLayer::outputs)
                .toList();
    }

    /**
     * A model of these numbers. Its provenance says that it was imported, and nothing of its training.
     *
     * @param architecture what the network is; its widths are those of the layers
     * @param standardizer from the data's units to those of the network: the means and deviations that its inputs were
     *     standardised by, or 0 and 1
     * @param columns names of the modelled columns, the first inputs
     * @param conditions names of the columns that are given, the last inputs
     * @return the model
     * @throws IllegalArgumentException if the layers have other widths than the architecture, or names or standardizer do not
     *     fit it
     */
    public ModelContents toModel(
            Mlp architecture, Standardizer standardizer, List<String> columns, List<String> conditions) {
        int[] widths = Stream.concat(Stream.of(inputs()), layers.stream().map(LinearLayer::outputs))
                .mapToInt(Integer::intValue)
                .toArray();
        if (!Arrays.equals(widths, architecture.widths())) {
            throw new IllegalArgumentException("the layers of the state dict have the widths " + text(widths)
                    + ", but those of the network are " + text(architecture.widths()));
        }
        ParameterLayout layout = ParameterLayout.of(architecture);
        float[] values = new float[layout.size()];
        for (int i = 0; i < layers.size(); i++) {
            LinearLayer layer = layers.get(i);
            System.arraycopy(layer.weight(), 0, values, layout.weightOffset(i), layer.inputs() * layer.outputs());
            System.arraycopy(layer.bias(), 0, values, layout.biasOffset(i), layer.outputs());
        }
        return new ModelContents(
                architecture,
                Parameters.of(architecture, values),
                standardizer,
                columns,
                conditions,
                imported(),
                new double[0]);
    }

    private static String text(int[] widths) {
        return Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining("-"));
    }

    private static Provenance imported() {
        return new Provenance(
                Version.STRING,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                System.getProperty("java.version", "unknown"),
                "unknown",
                "unknown",
                0,
                0,
                0,
                0,
                Double.NaN,
                Double.NaN,
                Map.of("imported", "PyTorch state dict"));
    }

    /**
     * Writes or replaces the state dict that a model is in PyTorch: what {@code load_state_dict} of
     * {@code nn.Sequential(Linear, activation, Linear, ..., Linear)} takes, with tensors {@code 0.weight}, {@code 0.bias},
     * {@code 2.weight}, ...
     *
     * <p>The numbers are the model's, bit for bit, so the network stays one of standardised units. How to come from and to the
     * data's, the metadata say: those of {@link ModelFile#metadata}, and {@code mean} and {@code deviation}, JSON arrays of
     * D + C numbers.
     *
     * @param model what to write
     * @param file where to
     * @throws IllegalArgumentException if no {@code nn.Sequential} is that network: with residual layers, Fourier features or
     *     noise levels
     * @throws IOException naming the file, if it cannot be written
     */
    public static void write(ModelContents model, Path file) throws IOException {
        requirePlain(
                Perceptrons.of(model.architecture(), "PyTorch's state dict").options());
        Map<String, Tensor> tensors = new HashMap<>();
        float[] values = model.parameters().toArray();
        List<ParameterLayout.Tensor> parts = model.parameters().layout().tensors();
        for (int i = 0; i < parts.size(); i++) {
            ParameterLayout.Tensor part = parts.get(i);
            float[] slice = Arrays.copyOfRange(values, part.offset(), part.offset() + part.size());
            // Weight and bias of a layer stand beside each other, and an activation takes the number after them.
            String name = i / 2 * 2 + (i % 2 == 0 ? ".weight" : ".bias");
            tensors.put(name, Tensor.of(slice, part.shape().toArray(Integer[]::new)));
        }
        Map<String, String> metadata = new HashMap<>(ModelFile.metadata(model));
        metadata.put("format", "pt");
        metadata.put("mean", Arrays.toString(model.standardizer().means()));
        metadata.put("deviation", Arrays.toString(model.standardizer().deviations()));
        new SafeTensors(metadata, tensors).write(file);
    }

    private static void requirePlain(MlpOptions options) {
        String part = options.noiseLevels().isPresent()
                ? "noise levels"
                : options.fourier().isPresent() ? "Fourier features" : options.residual() ? "residual layers" : null;
        if (part != null) {
            throw new IllegalArgumentException(
                    "the model has " + part
                            + ", and no nn.Sequential of PyTorch has; export it to ONNX, or read the model file itself in Python");
        }
    }
}
