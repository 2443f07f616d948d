package io.github.slicedscore.cli;

/** Pieces of SVG in a page. */
final class Svg {
    private Svg() {}

    /** Begins a picture that fills the width it gets. */
    static void begin(Html html, int width, int height, String look, String description) {
        html.open(
                "svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "class",
                look,
                "role",
                "img",
                "aria-label",
                description);
    }

    static void text(Html html, String look, double x, double y, String text) {
        html.leaf("text", text, "class", look, "x", number(x), "y", number(y));
    }

    /** Text that is read from below to above. */
    static void textUpwards(Html html, String look, double x, double y, String text) {
        html.leaf(
                "text", text, "class", look, "transform", "translate(" + number(x) + " " + number(y) + ") rotate(-90)");
    }

    static void line(Html html, String look, double fromX, double fromY, double toX, double toY) {
        html.empty(
                "path",
                "class",
                look,
                "d",
                new SvgPath().from(fromX, fromY).to(toX, toY).toString());
    }

    static void box(Html html, String look, double x, double y, double width, double height) {
        html.empty(
                "rect",
                "class",
                look,
                "x",
                number(x),
                "y",
                number(y),
                "width",
                number(width),
                "height",
                number(height));
    }

    /** A coordinate to a tenth of a pixel. */
    static String number(double value) {
        long tenths = Math.round(10 * value);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }
}
