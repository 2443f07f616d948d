package io.github.slicedscore.cli;

/** The data of an SVG path; points that are no numbers interrupt it. */
final class SvgPath {
    /** Far outside of any picture; browsers draw with single precision. */
    private static final double FAR = 1e5;

    private final StringBuilder text = new StringBuilder();
    private boolean drawing;

    /** A straight line from the last point, or its start. */
    SvgPath to(double x, double y) {
        return point(drawing ? 'L' : 'M', x, y);
    }

    /** A start of another line. */
    SvgPath from(double x, double y) {
        return point('M', x, y);
    }

    /** A dot, as wide as the line, where its ends are round. */
    SvgPath dot(double x, double y) {
        point('M', x, y);
        if (drawing) {
            text.append("h0");
        }
        return this;
    }

    private SvgPath point(char command, double x, double y) {
        drawing = !Double.isNaN(x) && !Double.isNaN(y);
        if (drawing) {
            text.append(command).append(Svg.number(clamped(x))).append(' ').append(Svg.number(clamped(y)));
        }
        return this;
    }

    private static double clamped(double value) {
        return Math.max(-FAR, Math.min(FAR, value));
    }

    String closed() {
        return text.isEmpty() ? "" : text + "Z";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
