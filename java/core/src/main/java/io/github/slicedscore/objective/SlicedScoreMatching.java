package io.github.slicedscore.objective;

/**
 * Sliced score matching:
 *
 * <pre>L = mean over rows and slices of   v.J v + (v.s)^2 / 2</pre>
 *
 * <p>Its expectation over slices and data is the Fisher divergence projected on slices, up to a constant of the data.
 * Streams a sample: 1 + M for a score network, M + 2 for an energy.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Garg, J. Shi, S. Ermon. Sliced score matching: a scalable approach to density and score estimation.
 *     UAI 2019, equation 7.</li>
 * </ol>
 *
 * @param slices the random directions
 */
public record SlicedScoreMatching(Slices slices) implements SlicedObjective {
    @Override
    public String id() {
        return "ssm";
    }
}
