package io.github.slicedscore.math;

/**
 * Cosine and sine that are the same on every JVM, by {@link StrictMath} within a quarter of pi.
 *
 * <p>Beyond that some JVMs' StrictMath allocates, and once it was asked there, the compiler no longer removes the array that it
 * would have needed for small arguments: then every normal number of {@link Philox} allocates, too.
 */
public final class Angles {
    private Angles() {}

    /**
     * The cosine.
     *
     * @param angle in radians, below a million
     * @return its cosine, to 1e-16 times the angle
     */
    public static double cos(double angle) {
        long quarter = Math.round(angle / (0.5 * Math.PI));
        return turned(angle - quarter * (0.5 * Math.PI), (int) (quarter & 3));
    }

    /**
     * The sine.
     *
     * @param angle in radians, below a million
     * @return its sine, to 1e-16 times the angle
     */
    public static double sin(double angle) {
        long quarter = Math.round(angle / (0.5 * Math.PI));
        return turned(angle - quarter * (0.5 * Math.PI), (int) (quarter - 1 & 3));
    }

    /** The cosine of a small angle and so many quarter turns. */
    private static double turned(double angle, int quarters) {
        return switch (quarters) {
            case 0 -> StrictMath.cos(angle);
            case 1 -> -StrictMath.sin(angle);
            case 2 -> -StrictMath.cos(angle);
            default -> StrictMath.sin(angle);
        };
    }
}
