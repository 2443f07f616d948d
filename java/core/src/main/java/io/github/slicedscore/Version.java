package io.github.slicedscore;

/** The version of this library. */
public final class Version {
    /** As in the POM, which a test compares it with. */
    public static final String STRING = "0.1.0-SNAPSHOT";

    private Version() {}
}
