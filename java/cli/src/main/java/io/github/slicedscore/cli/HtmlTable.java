package io.github.slicedscore.cli;

import java.util.List;

/** A table in a page: a caption, a row of headers, and rows whose first cell is their header. */
final class HtmlTable {
    private final Html html;

    private HtmlTable(Html html) {
        this.html = html;
    }

    /**
     * Begins a table.
     *
     * @param look its class
     * @param caption what it shows
     * @param headers of the columns; those that begin with '#' stand over numbers, and lose the '#'
     */
    static HtmlTable begin(Html html, String look, String caption, List<String> headers) {
        html.open("div", "class", "wide", "role", "region", "tabindex", "0", "aria-label", caption);
        html.open("table", "class", look).leaf("caption", caption).open("thead").open("tr");
        for (String header : headers) {
            boolean number = header.startsWith("#");
            html.leaf("th", number ? header.substring(1) : header, "scope", "col", "class", number ? "number" : "text");
        }
        html.close().close().open("tbody");
        return new HtmlTable(html);
    }

    HtmlTable row(String header) {
        html.open("tr").leaf("th", header, "scope", "row");
        return this;
    }

    HtmlTable text(String text) {
        html.leaf("td", text);
        return this;
    }

    /** A longer text, which needs some room. */
    HtmlTable prose(String text) {
        html.leaf("td", text, "class", "prose");
        return this;
    }

    HtmlTable number(String number) {
        html.leaf("td", number, "class", "number");
        return this;
    }

    HtmlTable marked(String number) {
        html.leaf("td", number, "class", "number marked");
        return this;
    }

    void endRow() {
        html.close();
    }

    void end() {
        html.close().close().close();
    }
}
