package io.github.slicedscore.eval;

import io.github.slicedscore.sample.SamplingException;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /**
     * What a computation finds, or why it refuses.
     *
     * @param <T> what a result is
     * @param computation throws IllegalArgumentException where it does not apply, and SamplingException where chains ran away
     * @return its result, or the message
     */
    static <T> Finding<T> of(Supplier<T> computation) {
        try {
            return new Known<>(computation.get());
        } catch (IllegalArgumentException | SamplingException e) {
            return new Missing<>(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What a further computation finds in the result, or why there is none.
     *
     * @param <U> what its result is
     * @param computation as for {@link #of}
     * @return its result, or the reason
     */
    default <U> Finding<U> then(Function<T, U> computation) {
        if (this instanceof Known<T> known) {
            return of(() -> computation.apply(known.value()));
        }
        return new Missing<>(((Missing<T>) this).reason());
    }
}
