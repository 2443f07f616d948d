package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;

/**
 * A chart in SVG: a rectangle with axes, and what is drawn in it in the units of the data. How things look is for the style sheet to
 * say, by their classes, so that charts follow the page into dark mode and onto paper.
 */
final class SvgChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 340;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int BOTTOM = 48;
    private static final int ACROSS = WIDTH - LEFT - RIGHT;
    private static final int UP = HEIGHT - TOP - BOTTOM;

    private final Html html;
    private final Range across;
    private final Range up;

    private SvgChart(Html html, Range across, Range up) {
        this.html = html;
        this.across = across;
        this.up = up;
    }

    /**
     * Begins a chart with its axes.
     *
     * @param description what there is to see, for those who don't
     */
    static SvgChart begin(Html html, String description, Range across, String acrossTitle, Range up, String upTitle) {
        SvgChart chart = new SvgChart(html, across, up);
        Svg.begin(html, WIDTH, HEIGHT, "chart", description);
        chart.axisAcross(acrossTitle);
        chart.axisUp(upTitle);
        // A picture in the picture, at whose edges curves end.
        html.open(
                "svg",
                "x",
                Integer.toString(LEFT),
                "y",
                Integer.toString(TOP),
                "width",
                Integer.toString(ACROSS),
                "height",
                Integer.toString(UP));
        return chart;
    }

    void end() {
        html.close().close();
    }

    /** A line through points. */
    void curve(String look, double[] x, double[] y) {
        html.empty("path", "class", "curve " + look, "d", path(x, y));
    }

    /** The area between two lines over the same x. */
    void band(String look, double[] x, double[] lower, double[] upper) {
        SvgPath path = new SvgPath();
        for (int i = 0; i < x.length; i++) {
            path.to(pixelX(x[i]), pixelY(upper[i]));
        }
        for (int i = x.length - 1; i >= 0; i--) {
            path.to(pixelX(x[i]), pixelY(lower[i]));
        }
        html.empty("path", "class", "area " + look, "d", path.closed());
    }

    /** Bars of the same width side by side over the whole width, drawn as one outline, filled or not. */
    void bars(String look, double[] heights, boolean filled) {
        SvgPath path = new SvgPath();
        double width = (double) ACROSS / heights.length;
        path.to(0, pixelY(0));
        for (int bar = 0; bar < heights.length; bar++) {
            path.to(bar * width, pixelY(heights[bar]));
            path.to((bar + 1) * width, pixelY(heights[bar]));
        }
        path.to(ACROSS, pixelY(0));
        html.empty("path", "class", (filled ? "area " : "curve ") + look, "d", path.toString());
    }

    void dot(String look, double x, double y) {
        html.empty(
                "circle", "class", "dot " + look, "cx", Svg.number(pixelX(x)), "cy", Svg.number(pixelY(y)), "r", "5");
    }

    private String path(double[] x, double[] y) {
        SvgPath path = new SvgPath();
        for (int i = 0; i < x.length; i++) {
            path.to(pixelX(x[i]), pixelY(y[i]));
        }
        return path.toString();
    }

    private double pixelX(double value) {
        return across.at(value) * ACROSS;
    }

    private double pixelY(double value) {
        return (1 - up.at(value)) * UP;
    }

    private void axisAcross(String title) {
        double step = Ticks.step(across.length() / 4);
        for (double value : Ticks.of(across, step)) {
            double x = LEFT + pixelX(value);
            Svg.line(html, "grid", x, TOP, x, TOP + UP);
            Svg.text(html, "tick middle", x, TOP + UP + 17, Ticks.label(value, step));
        }
        Svg.text(html, "axis middle", LEFT + ACROSS / 2.0, HEIGHT - 8, title);
    }

    private void axisUp(String title) {
        double step = Ticks.step(up.length() / 3);
        for (double value : Ticks.of(up, step)) {
            double y = TOP + pixelY(value);
            Svg.line(html, "grid", LEFT, y, LEFT + ACROSS, y);
            Svg.text(html, "tick end", LEFT - 6, y + 4, Ticks.label(value, step));
        }
        Svg.textUpwards(html, "axis middle", 14, TOP + UP / 2.0, title);
    }
}
