package io.github.slicedscore.io;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Model files: safetensors that any safetensors library opens.
 *
 * <table>
 * <caption>Tensors</caption>
 * <tr><th>name</th><th>type and shape</th><th>meaning</th></tr>
 * <tr><td>layers.I.weight, layers.I.bias</td><td>F32 [out, in], [out]</td><td>as in torch.nn.Linear; inputs [x, c]. Of dkef and
 * nice: what {@code DeepKernelEnergy} and {@code Nice} say</td></tr>
 * <tr><td>fourier.frequencies</td><td>F32 [K, D + C]</td><td>B of the Fourier features; where there are some</td></tr>
 * <tr><td>standardizer.mean, standardizer.deviation</td><td>F64 [D + C]</td><td>network's input = (x - mean) / deviation</td></tr>
 * <tr><td>validation.log_density</td><td>F64 [rows]</td><td>of the held-out rows, original units, sorted; optional</td></tr>
 * </table>
 *
 * <p>Metadata: {@code format} and {@code format_version}; {@code kind} (score, energy, dkef, nice), {@code dimension},
 * {@code conditions} (log sigma included), {@code hidden} (JSON), {@code activation}, and for energies {@code base};
 * {@code dkef.features}, {@code dkef.kernels} and {@code dkef.inducing}, or {@code nice.couplings} and {@code nice.prior};
 * {@code residual} (true) where layers are; {@code fourier.count}, {@code fourier.scale} and {@code fourier.seed};
 * {@code noise_levels.largest}, {@code noise_levels.smallest} and {@code noise_levels.count};
 * {@code columns} and {@code condition_columns} (JSON); {@code provenance.*} and {@code setting.*}.
 * Files of perceptrons without options have format version 1, which older releases read.
 */
public final class ModelFile {
    private static final String FORMAT = "slicedscore.model";
    private static final int FORMAT_VERSION = 2;
    private static final String MEAN = "standardizer.mean";
    private static final String DEVIATION = "standardizer.deviation";
    private static final String LOG_DENSITY = "validation.log_density";
    private static final String FREQUENCIES = "fourier.frequencies";
    private static final String RESIDUAL = "residual";
    private static final String FOURIER = "fourier.seed";
    private static final String LEVELS = "noise_levels.count";
    private static final String SETTING = "setting.";

    private ModelFile() {}

    /**
     * Writes or replaces a model file: all of it, or nothing.
     *
     * @param model what to write
     * @param file where to
     * @throws IOException naming the file, if it cannot be written
     * @throws IllegalArgumentException naming the tensor, if a parameter is not finite
     */
    public static void write(ModelContents model, Path file) throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        float[] values = model.parameters().toArray();
        for (ParameterLayout.Tensor part : model.parameters().layout().tensors()) {
            float[] slice = Arrays.copyOfRange(values, part.offset(), part.offset() + part.size());
            Fields.putFinite(tensors, part.name(), Tensor.of(slice, part.shape().toArray(Integer[]::new)));
        }
        MlpOptions options = options(model.architecture());
        options.fourier().ifPresent(fourier -> tensors.put(FREQUENCIES, frequencies(model.architecture(), fourier)));
        double[] means = model.standardizer().means();
        tensors.put(MEAN, Tensor.of(means, means.length));
        tensors.put(DEVIATION, Tensor.of(model.standardizer().deviations(), means.length));
        double[] densities = model.validationLogDensities();
        if (densities.length > 0) {
            tensors.put(LOG_DENSITY, Tensor.of(densities, densities.length));
        }
        Map<String, String> metadata = metadata(model);
        boolean plain = model.architecture() instanceof Mlp && options.equals(MlpOptions.NONE);
        Fields.mark(metadata, FORMAT, plain ? 1 : FORMAT_VERSION);
        new SafeTensors(metadata, tensors).write(file);
    }

    /**
     * What the metadata of a file say of a model, but for the file's own format.
     *
     * @param model the model
     * @return strings by name, in order of name
     */
    public static Map<String, String> metadata(ModelContents model) {
        Map<String, String> metadata = new TreeMap<>();
        Architecture architecture = model.architecture();
        MlpOptions options = options(architecture);
        if (options.residual()) {
            metadata.put(RESIDUAL, "true");
        }
        options.fourier().ifPresent(fourier -> {
            metadata.put("fourier.count", Integer.toString(fourier.count()));
            metadata.put("fourier.scale", Double.toString(fourier.scale()));
            metadata.put(FOURIER, Long.toString(fourier.seed()));
        });
        options.noiseLevels().ifPresent(levels -> {
            metadata.put("noise_levels.largest", Double.toString(levels.largest()));
            metadata.put("noise_levels.smallest", Double.toString(levels.smallest()));
            metadata.put(LEVELS, Integer.toString(levels.count()));
        });
        putKind(architecture, metadata);
        metadata.put("dimension", Integer.toString(architecture.dimension()));
        metadata.put("conditions", Integer.toString(architecture.conditions()));
        metadata.put("hidden", architecture.hidden().toString());
        metadata.put("activation", architecture.activation().id());
        metadata.put("columns", Json.quote(model.columns()));
        metadata.put("condition_columns", Json.quote(model.conditions()));
        Provenance provenance = model.provenance();
        metadata.put("provenance.version", provenance.version());
        metadata.put("provenance.created", provenance.created());
        metadata.put("provenance.java_version", provenance.javaVersion());
        metadata.put("provenance.kernels", provenance.kernels());
        metadata.put("provenance.data_hash", provenance.dataHash());
        metadata.put("provenance.data_rows", Long.toString(provenance.dataRows()));
        metadata.put("provenance.seed", Long.toString(provenance.seed()));
        metadata.put("provenance.steps", Long.toString(provenance.steps()));
        metadata.put("provenance.best_step", Long.toString(provenance.bestStep()));
        metadata.put("provenance.training_loss", Double.toString(provenance.trainingLoss()));
        metadata.put("provenance.validation_loss", Double.toString(provenance.validationLoss()));
        Fields.putPrefixed(metadata, SETTING, provenance.settings());
        return metadata;
    }

    /**
     * Reads a model file.
     *
     * @param file the file
     * @return its content
     * @throws MalformedFileException if it is not a model of ours, is newer than this release, or is damaged
     * @throws IOException if it cannot be read
     */
    public static ModelContents read(Path file) throws IOException {
        Fields fields = Fields.read(
                file, FORMAT, FORMAT_VERSION, "ScoreModel.save, 'slicedscore train' or 'slicedscore import'");
        try {
            Architecture architecture = architecture(fields);
            return new ModelContents(
                    architecture,
                    parameters(fields, architecture),
                    new Standardizer(
                            fields.finite(MEAN, DType.F64).doubles(),
                            fields.finite(DEVIATION, DType.F64).doubles()),
                    fields.strings("columns"),
                    fields.strings("condition_columns"),
                    provenance(fields),
                    fields.tensors().containsKey(LOG_DENSITY)
                            ? fields.finite(LOG_DENSITY, DType.F64).doubles()
                            : new double[0]);
        } catch (IllegalArgumentException e) {
            throw fields.fault(String.valueOf(e.getMessage()));
        }
    }

    private static void putKind(Architecture architecture, Map<String, String> metadata) {
        metadata.put("kind", architecture.kind());
        if (architecture instanceof EnergyMlp energy) {
            metadata.put("base", Double.toString(energy.base()));
        } else if (architecture instanceof DeepKernelEnergy energy) {
            metadata.put("base", Double.toString(energy.base()));
            metadata.put("dkef.features", Integer.toString(energy.features()));
            metadata.put("dkef.kernels", Integer.toString(energy.kernels()));
            metadata.put("dkef.inducing", Integer.toString(energy.inducing()));
        } else if (architecture instanceof Nice nice) {
            metadata.put("nice.couplings", Integer.toString(nice.couplings()));
            metadata.put("nice.prior", nice.prior().id());
        }
    }

    private static MlpOptions options(Architecture architecture) {
        return architecture instanceof Mlp mlp ? mlp.options() : MlpOptions.NONE;
    }

    private static Architecture architecture(Fields fields) throws IOException {
        int dimension = fields.count("dimension");
        int conditions = fields.count("conditions");
        List<Integer> hidden = fields.counts("hidden");
        Activation activation = Activation.of(fields.text("activation"));
        String kind = fields.text("kind");
        MlpOptions options = options(fields);
        Architecture architecture =
                switch (kind) {
                    case "score" -> new ScoreMlp(dimension, conditions, hidden, activation, options);
                    case "energy" ->
                        new EnergyMlp(dimension, conditions, hidden, activation, fields.number("base"), options);
                    case "dkef" ->
                        new DeepKernelEnergy(
                                dimension,
                                hidden,
                                activation,
                                fields.count("dkef.features"),
                                perceptrons(fields, "dkef.kernels", hidden),
                                fields.count("dkef.inducing"),
                                fields.number("base"));
                    case "nice" ->
                        new Nice(
                                dimension,
                                hidden,
                                activation,
                                perceptrons(fields, "nice.couplings", hidden),
                                prior(fields));
                    default -> throw fields.fault("metadata 'kind' is '" + kind + "', not score, energy, dkef or nice");
                };
        if (architecture.conditions() != conditions) {
            throw fields.fault(
                    "metadata 'conditions' is " + conditions + ", and the kind " + kind + " knows no conditions");
        }
        return architecture;
    }

    /** How many perceptrons a network has, each of whose layers must be a tensor: what is claimed costs memory before it is looked for. */
    private static int perceptrons(Fields fields, String key, List<Integer> hidden) throws IOException {
        int count = fields.count(key);
        int tensors = fields.tensors().size();
        if ((long) count * (hidden.size() + 1) > tensors) {
            throw fields.fault("metadata '" + key + "' is " + count + ", which with " + hidden.size()
                    + " hidden layers each is more than the " + tensors + " tensors");
        }
        return count;
    }

    private static Nice.Prior prior(Fields fields) throws IOException {
        String id = fields.text("nice.prior");
        for (Nice.Prior prior : Nice.Prior.values()) {
            if (prior.id().equals(id)) {
                return prior;
            }
        }
        throw fields.fault("metadata 'nice.prior' is '" + id + "', not normal or logistic");
    }

    private static MlpOptions options(Fields fields) throws IOException {
        MlpOptions options = MlpOptions.NONE.withResidual(fields.has(RESIDUAL) && fields.truth(RESIDUAL));
        if (fields.has(FOURIER)) {
            options = options.withFourier(new FourierFeatures(
                    fields.count("fourier.count"), fields.number("fourier.scale"), fields.integer(FOURIER)));
        }
        if (fields.has(LEVELS)) {
            options = options.withNoiseLevels(new NoiseLevels(
                    fields.number("noise_levels.largest"),
                    fields.number("noise_levels.smallest"),
                    fields.count(LEVELS)));
        }
        return options;
    }

    private static Tensor frequencies(Architecture architecture, FourierFeatures fourier) {
        int inputs = architecture.inputs();
        return Tensor.of(fourier.frequencies(inputs), fourier.count(), inputs);
    }

    /** The frequencies in the file, for other readers, are those that follow from the seed. */
    private static void requireFrequencies(Fields fields, Architecture architecture) throws IOException {
        if (options(architecture).fourier().isEmpty()) {
            return;
        }
        FourierFeatures fourier = options(architecture).fourier().get();
        float[] stored = fields.finite(FREQUENCIES, DType.F32, List.of(fourier.count(), architecture.inputs()))
                .floats();
        if (!Arrays.equals(stored, fourier.frequencies(architecture.inputs()))) {
            throw fields.fault("tensor '" + FREQUENCIES + "' is not what follows from the seed of the metadata");
        }
    }

    private static Parameters parameters(Fields fields, Architecture architecture) throws IOException {
        ParameterLayout layout = ParameterLayout.of(architecture);
        Set<String> unknown = new TreeSet<>(fields.tensors().keySet());
        unknown.removeAll(List.of(MEAN, DEVIATION, LOG_DENSITY));
        requireFrequencies(fields, architecture);
        if (options(architecture).fourier().isPresent()) {
            unknown.remove(FREQUENCIES);
        }
        List<float[]> slices = new ArrayList<>();
        for (ParameterLayout.Tensor part : layout.tensors()) {
            slices.add(fields.finite(part.name(), DType.F32, part.shape()).floats());
            unknown.remove(part.name());
        }
        if (!unknown.isEmpty()) {
            throw fields.fault("tensors " + unknown + " have no place in the network of the metadata");
        }
        float[] values = new float[layout.size()];
        int offset = 0;
        for (float[] slice : slices) {
            System.arraycopy(slice, 0, values, offset, slice.length);
            offset += slice.length;
        }
        return Parameters.of(architecture, values);
    }

    private static Provenance provenance(Fields fields) throws IOException {
        // Others are for people to read; with these something is computed.
        for (String noise : List.of(SETTING + "noise", SETTING + "sigma")) {
            if (fields.has(noise)) {
                fields.number(noise);
            }
        }
        return new Provenance(
                fields.text("provenance.version"),
                fields.text("provenance.created"),
                fields.text("provenance.java_version"),
                fields.text("provenance.kernels"),
                fields.text("provenance.data_hash"),
                fields.integer("provenance.data_rows"),
                fields.integer("provenance.seed"),
                fields.integer("provenance.steps"),
                fields.integer("provenance.best_step"),
                fields.number("provenance.training_loss"),
                fields.number("provenance.validation_loss"),
                fields.prefixed(SETTING));
    }
}
