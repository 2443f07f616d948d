package io.github.slicedscore.backend;

/**
 * What a step found, before its update.
 *
 * @param step updates done, this one included
 * @param loss mean loss over the step's batch
 * @param gradientNorm global norm of the mean gradient, before clipping
 */
public record StepResult(long step, double loss, double gradientNorm) {
    /**
     * Whether loss and gradient are numbers; if not, the update was not done.
     *
     * @return false where training diverged
     */
    public boolean isFinite() {
        return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
}
