package io.github.slicedscore.train;

/**
 * How many steps to ask of a run at once. A run that is asked for many has little to do between them: a device works them off
 * without the host. But until it is through, nothing can stop it, so they are as many as take no time that anyone would notice,
 * by the pace of those before.
 */
final class StepPace {
    /** More would save nothing: the call costs about as much as one short step. */
    static final int MOST = 256;

    /** What people do not notice. */
    private static final long NANOS = 20_000_000;

    /** Times as many as were timed before: one short time may be a chance. */
    private static final int GROWTH = 4;

    private int next = 1;

    /**
     * How many.
     *
     * @param left up to where somebody wants to look, at least 1
     */
    int next(long left) {
        return (int) Math.min(left, next);
    }

    /**
     * Takes note of a call.
     *
     * @param steps done in it
     * @param nanos that it took
     */
    void took(int steps, long nanos) {
        long each = Math.max(1, nanos / steps);
        next = (int) Math.max(1, Math.min(NANOS / each, Math.min(MOST, (long) GROWTH * steps)));
    }
}
