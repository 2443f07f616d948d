package io.github.slicedscore.cli;

/**
 * A finding in plain words.
 *
 * @param tone whether it speaks for the model
 * @param text one sentence without a full stop
 */
record Verdict(Tone tone, String text) {
    /** What a finding means for the model. */
    enum Tone {
        /** It speaks for the model. */
        GOOD,
        /** To be known before believing the rest. */
        CAUTION,
        /** It speaks against the model. */
        BAD
    }
}
