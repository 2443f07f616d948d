package io.github.slicedscore.oracle;

/** Conversions between the engine's floats and the oracle's doubles. */
final class Floats {
    private Floats() {}

    /** Each number rounded to the nearest float. */
    static float[] of(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** Each number, exactly. */
    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
