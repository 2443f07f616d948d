package io.github.slicedscore.train;

/**
 * The kernel sets that computed a run, in turn: a resumed one may go on with others, on another device or in another precision.
 *
 * @param before names of those before this start, or none
 * @param start steps done by then
 */
record KernelSets(String before, long start) {
    private static final String THEN = ", then ";

    /** Whether what comes next is computed as what came last. */
    boolean goOnWith(String kernels) {
        return before.isEmpty() || before.equals(kernels) || before.endsWith(THEN + kernels);
    }

    /**
     * The names up to a step.
     *
     * @param step steps done
     * @param kernels what computes since the start
     * @return names
     */
    String upTo(long step, String kernels) {
        if (before.isEmpty()) {
            return kernels;
        }
        return step == start || goOnWith(kernels) ? before : before + THEN + kernels;
    }
}
