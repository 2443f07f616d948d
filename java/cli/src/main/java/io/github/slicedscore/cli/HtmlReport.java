package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Writes a report as one page of HTML that needs nothing else: a style sheet, pictures in SVG, and no scripts. */
final class HtmlReport {
    /** What the page may load: its own style sheet and pictures, and nothing from elsewhere. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private HtmlReport() {}

    static String of(Report report) {
        String title = "Report on " + report.evaluation().model().getFileName();
        Html html = new Html().open("html", "lang", "en");
        head(html, title);
        html.open("body");
        header(html, title, report);
        html.open("main");
        for (Section section : Section.values()) {
            html.open("section", "id", section.id()).leaf("h2", section.title);
            section.writer.accept(html, report);
            html.close();
        }
        html.close();
        footer(html, report);
        return html.close().close().page();
    }

    private static void head(Html html, String title) {
        html.open("head")
                .empty("meta", "charset", "utf-8")
                .empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "generator", "content", "slicedscore " + Version.STRING)
                // Without one, browsers ask the page's server for it.
                .empty("link", "rel", "icon", "href", "data:,")
                .leaf("title", title)
                .style(sheet())
                .close();
    }

    private static String sheet() {
        try (InputStream stream = HtmlReport.class.getResourceAsStream("report.css")) {
            if (stream == null) {
                throw new IllegalStateException("report.css is missing beside the classes; build the program again");
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void header(Html html, String title, Report report) {
        html.open("header").leaf("h1", title);
        html.leaf(
                "p",
                Descriptions.network(report.model().architecture()) + "; "
                        + report.test().rows() + " test rows of "
                        + report.evaluation().test(),
                "class",
                "lead");
        html.open("nav", "aria-label", "Sections").open("ul");
        for (Section section : Section.values()) {
            html.open("li").leaf("a", section.title, "href", "#" + section.id()).close();
        }
        html.close().close().close();
    }

    private static void footer(Html html, Report report) {
        html.open("footer");
        html.leaf(
                "p",
                "Written by slicedscore " + Version.STRING + " with seed "
                        + report.evaluation().seed() + ". The same files and seed give the same page.");
        html.close();
    }

    private static void verdicts(Html html, Report report) {
        html.open("ul", "class", "verdicts");
        for (Verdict verdict : report.verdicts()) {
            String tone = verdict.tone().name().toLowerCase(Locale.ROOT);
            html.open("li")
                    .leaf("span", tone, "class", "tone " + tone)
                    .leaf("span", verdict.text())
                    .close();
        }
        html.close();
    }

    /** The parts of the page, in its order. */
    private enum Section {
        SUMMARY("In short", HtmlReport::verdicts),
        MODEL("The model", HtmlModel::write),
        TRAINING("Its training", HtmlTraining::write),
        FIT("Does it fit?", HtmlEvaluation::write),
        PERCENTILES("Log-densities and percentiles", HtmlPercentiles::write),
        SAMPLES("Data and samples", HtmlSamples::write),
        FIELD("Density and score", HtmlField::write),
        ANOMALIES("The most unusual rows", HtmlAnomalies::write);

        private final String title;
        private final BiConsumer<Html, Report> writer;

        Section(String title, BiConsumer<Html, Report> writer) {
            this.title = title;
            this.writer = writer;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
