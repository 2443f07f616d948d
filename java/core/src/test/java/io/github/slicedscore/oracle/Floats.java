package io.github.slicedscore.oracle;

/** Conversions between the engine's floats and the oracle's doubles. */
public final class Floats {
    private Floats() {}

    /** Each number rounded to the nearest float. */
    public static float[] of(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** Each number, exactly. */
    public static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
