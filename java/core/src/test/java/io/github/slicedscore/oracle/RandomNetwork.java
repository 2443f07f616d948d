package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import java.util.Random;

/**
 * A network with weights and biases large enough that none of its derivatives is negligible.
 *
 * @param architecture a perceptron of two hidden layers
 * @param parameters normal, weights scaled by 1.5 over the root of the layer's inputs
 */
public record RandomNetwork(Architecture architecture, Parameters parameters) {
    /** A score network or an energy. */
    public enum Kind {
        SCORE,
        ENERGY
    }

    public static RandomNetwork of(Kind kind, int dimension, int width, long seed) {
        List<Integer> hidden = List.of(width, width);
        Mlp architecture = kind == Kind.SCORE
                ? new ScoreMlp(dimension, 0, hidden, Activation.SOFTPLUS)
                : new EnergyMlp(dimension, 0, hidden, Activation.SOFTPLUS, 2);
        ParameterLayout layout = ParameterLayout.of(architecture);
        float[] values = new float[layout.size()];
        Random random = new Random(seed);
        int[] widths = architecture.widths();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            for (int i = 0; i < widths[layer] * widths[layer + 1]; i++) {
                values[layout.weightOffset(layer) + i] =
                        (float) (1.5 / Math.sqrt(widths[layer]) * random.nextGaussian());
            }
            for (int i = 0; i < widths[layer + 1]; i++) {
                values[layout.biasOffset(layer) + i] = (float) random.nextGaussian();
            }
        }
        return new RandomNetwork(architecture, Parameters.of(architecture, values));
    }
}
