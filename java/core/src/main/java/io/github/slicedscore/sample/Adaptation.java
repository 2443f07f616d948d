package io.github.slicedscore.sample;

import java.util.List;

/**
 * What the warm-up of a Metropolis sampler found, and how it went on with it.
 *
 * @param warmUp transitions of each chain before the first draw
 * @param step the leapfrog step e found, in units of the scales; Langevin's h is e^2
 * @param scales what the step is multiplied by in each column: the deviations of the chains' states in the warm-up
 * @param target the probability to accept that was aimed at
 * @param warmUpAcceptance mean probability to accept in the warm-up
 * @param acceptance mean probability to accept after it
 */
public record Adaptation(
        int warmUp, double step, List<Double> scales, double target, double warmUpAcceptance, double acceptance) {
    /** Copies the list. */
    public Adaptation {
        scales = List.copyOf(scales);
    }
}
