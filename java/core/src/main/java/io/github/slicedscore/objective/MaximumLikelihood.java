package io.github.slicedscore.objective;

import io.github.slicedscore.model.Architecture;
import java.util.Map;

/**
 * Maximum likelihood, of networks whose density is normalised:
 *
 * <pre>L = mean over rows of   -f(x)</pre>
 *
 * <p>the Kullback-Leibler divergence from the data to the model up to a constant of the data, in nats a row and in standardised
 * units. It takes the values of f alone: one row of the matrices a sample, and no derivative in x, so any activation will do.
 * Networks whose f lacks its constant are refused: f could be raised everywhere.
 */
public record MaximumLikelihood() implements Objective {
    @Override
    public String id() {
        return "mle";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public void requireSupports(Architecture architecture) {
        if (!architecture.isNormalized()) {
            throw new IllegalArgumentException(
                    "mle takes networks whose density is normalised, which are those of kind nice," + " not of kind "
                            + architecture.kind() + "; take such a network, or another objective, ssm-vr for example");
        }
        KinkRule.levels(this, architecture);
    }
}
