package io.github.slicedscore.exchange;

import io.github.slicedscore.io.DType;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads a state dict; every error names the file, the tensor and the mend. */
final class StateDictReader {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";
    private static final String CHAIN = "give the state dict of a chain of torch.nn.Linear layers and activations";

    /** What a ZIP archive begins with. */
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private final Path file;
    private final Map<String, Tensor> tensors;

    StateDictReader(Path file) throws IOException {
        this.file = file;
        if (Files.isRegularFile(file) && isZip()) {
            throw fault(
                    "it is an archive, as torch.save writes, and no safetensors file",
                    "write it with safetensors.torch.save_file(net.state_dict(), path)");
        }
        SafeTensors content = SafeTensors.read(file);
        tensors = content.tensors();
        String format = content.metadata().getOrDefault("format", "");
        if (format.startsWith("slicedscore.")) {
            throw fault("it is a file of this library ('" + format + "') and no state dict", "use it as it is");
        }
        if (tensors.isEmpty()) {
            throw fault("it holds no tensor", CHAIN);
        }
    }

    private boolean isZip() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(4), ZIP);
        }
    }

    private MalformedFileException fault(String fault, String mend) {
        return new MalformedFileException(file, fault, mend);
    }

    /** The layers in the order of the names, or in their natural order where there are none. */
    StateDict read(List<String> names) throws IOException {
        Set<String> present = layerNames();
        List<String> order = names.isEmpty() ? List.copyOf(present) : names;
        Set<String> unknown = new TreeSet<>(order);
        unknown.removeAll(present);
        Set<String> left = new TreeSet<>(present);
        order.forEach(left::remove);
        if (!unknown.isEmpty() || !left.isEmpty() || order.size() != present.size()) {
            throw fault(
                    "its layers are " + String.join(", ", present) + ", not " + String.join(", ", order),
                    "name each of them once, first to last");
        }
        List<LinearLayer> layers = new ArrayList<>();
        for (String name : order) {
            layers.add(layer(name));
        }
        for (int i = 1; i < layers.size(); i++) {
            requireChain(layers, i);
        }
        return new StateDict(layers);
    }

    private Set<String> layerNames() throws MalformedFileException {
        Set<String> names = new TreeSet<>(new NaturalOrder());
        for (String tensor : tensors.keySet()) {
            int dot = tensor.lastIndexOf('.');
            String part = tensor.substring(dot + 1);
            if (!part.equals(WEIGHT) && !part.equals(BIAS)) {
                throw fault("tensor '" + tensor + "' is no weight or bias of a Linear layer", mend(tensor));
            }
            names.add(dot < 0 ? "" : tensor.substring(0, dot));
        }
        return names;
    }

    private static String mend(String tensor) {
        if (tensor.contains("parametrizations.") || tensor.endsWith(".weight_g") || tensor.endsWith(".weight_v")) {
            return "take the weights' parametrization off with torch.nn.utils.parametrize.remove_parametrizations or"
                    + " torch.nn.utils.remove_weight_norm, and save again";
        }
        return CHAIN + "; other layers have to be folded into these first";
    }

    private LinearLayer layer(String name) throws MalformedFileException {
        String weightName = tensorName(name, WEIGHT);
        String biasName = tensorName(name, BIAS);
        Tensor weight = tensor(weightName, biasName, 2, "[outputs, inputs]");
        Tensor bias = tensor(biasName, weightName, 1, "[outputs]");
        int outputs = weight.shape().get(0);
        int inputs = weight.shape().get(1);
        if (bias.size() != outputs) {
            throw fault(
                    "tensor '" + biasName + "' has " + bias.size() + " numbers, but '" + weightName + "' of shape "
                            + weight.shape() + " has " + outputs + " outputs",
                    CHAIN);
        }
        return new LinearLayer(name, inputs, outputs, floats(weightName, weight), floats(biasName, bias));
    }

    private static String tensorName(String layer, String part) {
        return layer.isEmpty() ? part : layer + "." + part;
    }

    private Tensor tensor(String name, String beside, int extents, String meaning) throws MalformedFileException {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw fault(
                    "tensor '" + name + "' is missing beside '" + beside + "'",
                    name.endsWith(BIAS)
                            ? "make the layer with bias=True, or add zeros of that name to the state dict"
                            : CHAIN);
        }
        if (tensor.shape().size() != extents || tensor.size() == 0) {
            throw fault(
                    "tensor '" + name + "' has the shape " + tensor.shape() + ", where a Linear layer's is " + meaning,
                    mend(name));
        }
        return tensor;
    }

    private float[] floats(String name, Tensor tensor) throws MalformedFileException {
        if (tensor.dtype() == DType.I64) {
            throw fault("tensor '" + name + "' is of type I64, not floating point", "convert it with .float()");
        }
        double[] wide = tensor.toDoubles();
        float[] values = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            values[i] = (float) wide[i];
            if (!Float.isFinite(values[i])) {
                throw fault(
                        "tensor '" + name + "' holds " + wide[i]
                                + (Double.isFinite(wide[i]) ? ", which single precision cannot hold" : ""),
                        "save the network as it was when its numbers were good");
            }
        }
        return values;
    }

    private void requireChain(List<LinearLayer> layers, int index) throws MalformedFileException {
        LinearLayer layer = layers.get(index);
        LinearLayer before = layers.get(index - 1);
        if (layer.inputs() != before.outputs()) {
            throw fault(
                    "tensor '" + tensorName(layer.name(), WEIGHT) + "' takes " + layer.inputs() + " inputs, but '"
                            + tensorName(before.name(), WEIGHT) + "' before it gives " + before.outputs()
                            + "; the layers were taken in the order "
                            + layers.stream().map(LinearLayer::name).collect(Collectors.joining(", ")),
                    "name them in the order of the network, with --layers or StateDict.read(file, names)");
        }
    }
}
