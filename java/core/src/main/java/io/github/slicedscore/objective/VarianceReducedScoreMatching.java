package io.github.slicedscore.objective;

/**
 * Sliced score matching with variance reduction (SSM-VR): the second term of {@link SlicedScoreMatching} is replaced by its
 * expectation, which is known,
 *
 * <pre>L = mean over rows of   (mean over slices of v.J v) + |s|^2 / 2</pre>
 *
 * <p>This holds because E[v v^T] = I; on a unit sphere it would be wrong by a factor D. Streams a sample: 1 + M for a score
 * network; for an energy M + 3, after one plain forward and backward pass for s.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Garg, J. Shi, S. Ermon. Sliced score matching: a scalable approach to density and score estimation.
 *     UAI 2019, equation 8.</li>
 * </ol>
 *
 * @param slices the random directions
 */
public record VarianceReducedScoreMatching(Slices slices) implements SlicedObjective {
    @Override
    public String id() {
        return "ssm-vr";
    }
}
