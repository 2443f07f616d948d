package io.github.slicedscore.sample;

/** Chains ran away: the samples are of no use. */
public final class SamplingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SamplingException(String message) {
        super(message);
    }
}
