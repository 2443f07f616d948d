package io.github.slicedscore.objective;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Map;
import java.util.Optional;

/**
 * What to minimise: a score-matching objective, as a value. Losses are means over the rows of a batch, and over slices.
 *
 * <p>Notation: s the score, J its Jacobian in x (the Hessian of f for energies), v a slice, q = v.J v, p = v.s, e standard
 * normal noise.
 *
 * <table>
 * <caption>Costs a sample: rows of the matrices that one forward and one reverse pass run over. An energy whose loss needs
 * |s|^2 pays a plain forward and reverse pass besides.</caption>
 * <tr><th>objective</th><th>per sample</th><th>score network</th><th>energy</th></tr>
 * <tr><td>{@link SlicedScoreMatching}</td><td>q + p^2/2</td><td>1 + M</td><td>M + 2</td></tr>
 * <tr><td>{@link VarianceReducedScoreMatching}</td><td>q + |s|^2/2</td><td>1 + M</td><td>M + 3</td></tr>
 * <tr><td>{@link ExactScoreMatching}</td><td>tr J + |s|^2/2</td><td>1 + D</td><td>D + 2</td></tr>
 * <tr><td>{@link DenoisingScoreMatching}</td><td>|s(x + sigma e) + e/sigma|^2/2</td><td>1</td><td>2</td></tr>
 * <tr><td>{@link FiniteDifferenceScoreMatching}</td><td>q, p by differences</td><td>2M</td><td>2M + 1</td></tr>
 * <tr><td>{@link ExplicitFisherDivergence}</td><td>|s - s_true|^2/2</td><td>1</td><td>2</td></tr>
 * <tr><td>{@link SlicedFisherDivergence}</td><td>(v.(s - s_true))^2/2</td><td>1</td><td>2</td></tr>
 * <tr><td>{@link MaximumLikelihood}</td><td>-f</td><td>none</td><td>1, normalised ones</td></tr>
 * </table>
 */
public sealed interface Objective
        permits SlicedObjective,
                ExactScoreMatching,
                DenoisingScoreMatching,
                MultiLevelDenoisingScoreMatching,
                ExplicitFisherDivergence,
                MaximumLikelihood {
    /**
     * The setting of objectives that hold a function of the caller's, which no file can hold: a checkpoint cannot tell whether
     * it is the same.
     */
    String FUNCTION = "function";

    /**
     * The name in files and on the command line.
     *
     * @return lower-case name
     */
    String id();

    /**
     * What decides the objective's numbers beside its name, as text: for provenance, and for checkpoints, which only resume
     * under the same; {@link #FUNCTION} where a part of it can't be told.
     *
     * @return name to value
     */
    Map<String, String> settings();

    /**
     * Whether the rows that the network sees are noised by the objective itself.
     *
     * @return true for denoising objectives and those of several levels
     */
    default boolean addsNoise() {
        return false;
    }

    /**
     * The levels of an objective of several.
     *
     * @return levels that the network must know; empty for objectives of one level
     */
    default Optional<NoiseLevels> noiseLevels() {
        return Optional.empty();
    }

    /**
     * Random directions a sample: M slices, then the noise e where the objective adds noise.
     *
     * @return K, at least 0
     */
    default int directions() {
        return (this instanceof SlicedObjective sliced ? sliced.slices().count() : 0) + (addsNoise() ? 1 : 0);
    }

    /**
     * Draws one random direction of one sample. The same (seed, position, k, step) gives the same one on every backend: signs
     * bit for bit, the others to rounding.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param position position of the sample in the global batch
     * @param k 0 .. directions() - 1
     * @param step step of the run
     * @param direction where the D numbers go, from index 0
     * @param dimension D
     */
    default void draw(Philox philox, long seed, int position, int k, long step, float[] direction, int dimension) {
        if (this instanceof SlicedObjective sliced && k < sliced.slices().count()) {
            sliced.slices().draw(philox, seed, position, k, step, direction, dimension);
        } else {
            philox.normals(seed, position, RandomStream.NOISE, 0, step, direction, 0, dimension);
        }
    }

    /**
     * Refuses activations whose kink would bias the parameter gradient, and networks that do not know the objective's levels.
     *
     * <p>q is a function of act' on score networks and of act'' on energies; where that jumps, the derivative of the
     * expected loss has a delta at the kink that the pathwise gradient misses. Automatic differentiation has the same
     * fault, silently. Objectives of s alone need one derivative less.
     *
     * @param architecture the network
     * @throws IllegalArgumentException that explains the refusal and names activations that do
     */
    default void requireSupports(Architecture architecture) {
        KinkRule.ofCurvature(this, architecture);
        KinkRule.levels(this, architecture);
    }

    /**
     * The same objective for standardised rows. Objectives that know the true score take it from the data's units to the
     * network's; the others are the same in both.
     *
     * @param standardizer from the data's units to the network's
     * @return the objective that a backend minimises
     */
    default Objective standardized(Standardizer standardizer) {
        return this;
    }
}
