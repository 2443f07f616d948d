package io.github.slicedscore.exchange;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Models of every kind, activation and option, whose numbers are large enough that no part of them is negligible. */
final class OnnxExamples {
    private static final int DIMENSION = 3;

    private OnnxExamples() {}

    /** A model and rows for it. */
    record Example(ModelContents model, int count, float[] rows, float[] sigma) {
        /** Rows as the network takes them: standardised, with log sigma where it knows levels; [count, inputs]. */
        float[] inputs() {
            int width = rows.length / count;
            int inputs = model.architecture().inputs();
            float[] standard = new float[count * inputs];
            for (int i = 0; i < rows.length; i++) {
                standard[i / width * inputs + i % width] =
                        (float) model.standardizer().standardize(i % width, rows[i]);
            }
            for (int row = 0; row < count && inputs > width; row++) {
                standard[row * inputs + width] = NoiseLevels.condition(sigma[row]);
            }
            return standard;
        }
    }

    /** By name. */
    static Map<String, Example> all() {
        Map<String, Example> examples = new LinkedHashMap<>();
        NoiseLevels levels = new NoiseLevels(6, 0.1, 8);
        FourierFeatures waves = new FourierFeatures(4, 1.5, 3);
        Map<String, MlpOptions> options = new LinkedHashMap<>();
        options.put("plain", MlpOptions.NONE);
        options.put("residual", MlpOptions.NONE.withResidual(true));
        options.put("waves", MlpOptions.NONE.withFourier(waves));
        options.put("levels", MlpOptions.NONE.withNoiseLevels(levels));
        options.put(
                "everything",
                MlpOptions.NONE.withResidual(true).withFourier(waves).withNoiseLevels(levels));
        for (Activation activation : Activation.values()) {
            options.forEach((name, option) -> {
                for (int given = 0; given < 2; given++) {
                    int conditions = given + (option.noiseLevels().isPresent() ? 1 : 0);
                    List<Integer> hidden = List.of(6, 6, 5);
                    String suffix = "-" + activation.id() + "-" + name + "-given" + given;
                    add(examples, "score" + suffix, new ScoreMlp(DIMENSION, conditions, hidden, activation, option));
                    double base = given == 0 ? 2 : 0;
                    add(
                            examples,
                            "energy" + suffix,
                            new EnergyMlp(DIMENSION, conditions, hidden, activation, base, option));
                }
            });
        }
        List<Integer> none = List.of();
        add(examples, "score-affine", new ScoreMlp(DIMENSION, 1, none, Activation.TANH));
        add(examples, "energy-affine", new EnergyMlp(DIMENSION, 0, none, Activation.TANH, 0));
        MlpOptions waved = MlpOptions.NONE.withFourier(waves);
        add(examples, "energy-affine-waves", new EnergyMlp(DIMENSION, 0, none, Activation.TANH, 1.5, waved));
        add(examples, "energy-one-column", new EnergyMlp(1, 0, List.of(4), Activation.SILU, 3));
        return examples;
    }

    private static void add(Map<String, Example> examples, String name, Architecture architecture) {
        examples.put(name, example(architecture, new Random(examples.size())));
    }

    private static Example example(Architecture architecture, Random random) {
        int dimension = architecture.dimension();
        int given = architecture.givenColumns();
        int width = dimension + given;
        double[] means = new double[width];
        double[] deviations = new double[width];
        Arrays.setAll(means, i -> 100 * random.nextGaussian());
        Arrays.setAll(deviations, i -> Math.exp(2 * random.nextGaussian()));
        ModelContents model = new ModelContents(
                architecture,
                parameters(architecture, random),
                new Standardizer(means, deviations),
                names("x", dimension),
                names("c", given),
                ModelExamples.PROVENANCE,
                new double[0]);
        int count = 9;
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (means[i % width] + 1.5 * deviations[i % width] * random.nextGaussian());
        }
        float[] sigma = new float[count];
        for (int row = 0; row < count; row++) {
            sigma[row] = (float) (0.1 * Math.pow(60, random.nextDouble()));
        }
        return new Example(model, count, rows, sigma);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static Parameters parameters(Architecture architecture, Random random) {
        List<Float> values = new ArrayList<>();
        for (ParameterLayout.Tensor part : ParameterLayout.of(architecture).tensors()) {
            double scale =
                    part.shape().size() == 2 ? 1.5 / Math.sqrt(part.shape().get(1)) : 1;
            for (int i = 0; i < part.size(); i++) {
                values.add((float) (scale * random.nextGaussian()));
            }
        }
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return Parameters.of(architecture, flat);
    }
}
