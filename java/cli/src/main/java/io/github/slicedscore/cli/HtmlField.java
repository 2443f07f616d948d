package io.github.slicedscore.cli;

/** The density and the score over pairs of columns, in a page. */
final class HtmlField {
    private HtmlField() {}

    static void write(Html html, Report report) {
        HtmlParts.known(html, "Pictures", report.slices()).ifPresent(slices -> {
            html.open("div", "class", "figures");
            slices.forEach(slice -> figure(html, slice));
            html.close();
            if (report.test().columns().size() > 2) {
                HtmlParts.note(
                        html,
                        "All other columns are kept at their medians of the test rows, so the density is that of the two"
                                + " given these. The pairs are those of the columns drawn above that depend most on each"
                                + " other.");
            }
        });
    }

    private static void figure(Html html, ScoreSlice slice) {
        html.open("figure");
        SvgField.draw(html, slice);
        html.leaf(
                        "figcaption",
                        "The model by " + slice.across() + " and " + slice.up()
                                + (slice.density().length > 0
                                        ? ": the brighter, the denser (by the root of the density); arrows are the score,"
                                                + " which points to where it is denser."
                                        : ": arrows are the score, which points to where the density is higher."))
                .close();
    }
}
