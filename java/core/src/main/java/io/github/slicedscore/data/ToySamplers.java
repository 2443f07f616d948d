package io.github.slicedscore.data;

import java.util.List;

/** The toy distributions by name, each with its standard parameters. */
public final class ToySamplers {
    private static final List<ToySampler> ALL = List.of(
            Gaussian.standard(),
            GaussianMixture.demo(),
            Banana.standard(),
            Ring.standard(),
            StudentT.standard(),
            TwoMoons.standard(),
            Checkerboard.standard(),
            SwissRoll.standard(),
            Pinwheel.standard());

    private ToySamplers() {}

    /**
     * The names that {@link #of} takes.
     *
     * @return ids, those with a known score first
     */
    public static List<String> names() {
        return ALL.stream().map(ToySampler::id).toList();
    }

    /**
     * Finds a toy distribution; it is a {@link ToyDistribution} where density and score are known.
     *
     * @param name one of {@link #names()}
     * @return the distribution
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ToySampler of(String name) {
        return ALL.stream()
                .filter(sampler -> sampler.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no toy distribution '%s'; choose from %s"
                        .formatted(name, String.join(", ", names()))));
    }
}
