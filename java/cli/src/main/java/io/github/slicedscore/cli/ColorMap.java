package io.github.slicedscore.cli;

import java.awt.Color;

/**
 * Colours for numbers of 0 to 1 whose lightness rises evenly, so that equal steps look equal, in print and to the colour
 * blind, too: nine points of the map "magma" of S. van der Walt and N. Smith (matplotlib 1.5), joined by straight lines.
 */
final class ColorMap {
    private static final int[] POINTS = {
        0x000004, 0x1D1147, 0x51127C, 0x822681, 0xB63679, 0xE65164, 0xFB8861, 0xFEC287, 0xFCFDBF
    };

    private ColorMap() {}

    /** Red, green and blue in the low 24 bits. */
    static int rgb(double value) {
        double position = Math.min(1, Math.max(0, value)) * (POINTS.length - 1);
        int below = (int) Math.min(position, POINTS.length - 2);
        double part = position - below;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = POINTS[below] >> shift & 0xFF;
            int to = POINTS[below + 1] >> shift & 0xFF;
            rgb |= (int) Math.round(from + part * (to - from)) << shift;
        }
        return rgb;
    }

    static Color color(double value) {
        return new Color(rgb(value));
    }
}
