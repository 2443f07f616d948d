package io.github.slicedscore.eval;

/**
 * One entry of a report: a result, or why there is none.
 *
 * @param <T> what a result is
 */
public sealed interface Finding<T> {
    /**
     * A result.
     *
     * @param <T> what it is
     * @param value the result
     */
    record Known<T>(T value) implements Finding<T> {}

    /**
     * No result.
     *
     * @param <T> what it would have been
     * @param reason why, and what to do instead; one sentence without a full stop
     */
    record Missing<T>(String reason) implements Finding<T> {}
}
