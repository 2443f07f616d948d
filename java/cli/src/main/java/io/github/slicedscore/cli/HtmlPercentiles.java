package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Log-densities of rows of several kinds, and where test rows stand among the others, in a page. */
final class HtmlPercentiles {
    private static final int BINS = 40;

    private HtmlPercentiles() {}

    static void write(Html html, Report report) {
        HtmlParts.known(html, "Log-densities", report.logDensities()).ifPresent(found -> {
            if (!report.model().conditions().isEmpty()) {
                HtmlParts.note(
                        html,
                        "The model's constant is another for every condition, so that log-densities of rows with different"
                                + " conditions say little about each other; all kinds of rows have the same conditions,"
                                + " though, and can be compared.");
            }
            html.open("div", "class", "figures");
            histograms(html, found);
            calibration(html, report);
            html.close();
        });
    }

    private static void histograms(Html html, LogDensities found) {
        Range range = range(found);
        double[] heldOut = shares(found.heldOut(), range);
        double[] test = shares(found.test(), range);
        double[] samples = shares(found.samples(), range);
        double highest = DoubleStream.of(largest(heldOut), largest(test), largest(samples))
                .max()
                .orElseThrow();
        html.open("figure");
        Map<String, String> legend = new LinkedHashMap<>();
        if (found.heldOut().length > 0) {
            legend.put("area held", "rows held out in training, " + found.heldOut().length);
        }
        legend.put("curve data", "test rows, " + found.test().length);
        if (found.samples().length > 0) {
            legend.put("curve samples", "samples, " + found.samples().length);
        }
        HtmlParts.legend(html, legend);
        SvgChart chart = SvgChart.begin(
                html,
                "Histograms of log-densities; medians: test rows " + Figures.of(median(found.test()))
                        + (found.heldOut().length > 0 ? ", held-out rows " + Figures.of(median(found.heldOut())) : "")
                        + (found.samples().length > 0 ? ", samples " + Figures.of(median(found.samples())) : ""),
                range,
                "log-density, up to a constant",
                new Range(0, 1.08 * 100 * highest),
                "% of the rows");
        if (found.heldOut().length > 0) {
            chart.bars("held", heldOut, true);
        }
        chart.bars("data", test, false);
        if (found.samples().length > 0) {
            chart.bars("samples", samples, false);
        }
        chart.end();
        html.leaf(
                        "figcaption",
                        "Log-densities. The three should agree: held-out and test rows if they come from one source, and"
                                + " samples with both if the model is right. Rows beyond the edges are in the outermost bars.")
                .close();
    }

    /** All but the last few at the lower end, whose tail may be long. */
    private static Range range(LogDensities found) {
        double low = DoubleStream.of(quantile(found.heldOut(), 0.005), quantile(found.test(), 0.005))
                .filter(Double::isFinite)
                .min()
                .orElseThrow();
        double high = DoubleStream.of(
                        quantile(found.heldOut(), 1), quantile(found.test(), 1), quantile(found.samples(), 1))
                .filter(Double::isFinite)
                .max()
                .orElseThrow();
        double margin = high > low ? 0.03 * (high - low) : 0.5;
        return new Range(low - margin, high + margin);
    }

    /** Percent of the values in each bar. */
    private static double[] shares(double[] values, Range range) {
        double[] shares = new double[BINS];
        for (double value : values) {
            int bin = (int) Math.max(0, Math.min(BINS - 1, Math.floor(range.at(value) * BINS)));
            shares[bin] += 100.0 / values.length;
        }
        return shares;
    }

    private static double largest(double[] shares) {
        return Arrays.stream(shares).max().orElseThrow() / 100;
    }

    private static double median(double[] sorted) {
        return quantile(sorted, 0.5);
    }

    /** Of ascending values; NaN of none. */
    private static double quantile(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    private static void calibration(Html html, Report report) {
        html.open("figure");
        Map<String, Calibration> curves = new LinkedHashMap<>();
        Map<String, String> legend = new LinkedHashMap<>();
        HtmlParts.known(html, "Percentiles among held-out rows", report.amongHeldOut())
                .ifPresent(found -> {
                    curves.put("held", found);
                    legend.put("curve held", "among held-out rows");
                });
        HtmlParts.known(html, "Percentiles among samples", report.amongSamples())
                .ifPresent(found -> {
                    curves.put("samples", found);
                    legend.put("curve samples", "among samples");
                });
        legend.put("area pale", "what chance allows");
        HtmlParts.legend(html, legend);
        Range percent = new Range(0, 100);
        double[] percentiles = IntStream.rangeClosed(0, 100).mapToDouble(i -> i).toArray();
        SvgChart chart = SvgChart.begin(
                html,
                "The part of the test rows at most at each percentile",
                percent,
                "percentile",
                percent,
                "% of the test rows at most there");
        curves.values().stream().findFirst().ifPresent(found -> {
            double chance = 100 * found.chance();
            chart.band(
                    "pale",
                    percentiles,
                    Arrays.stream(percentiles).map(p -> Math.max(0, p - chance)).toArray(),
                    Arrays.stream(percentiles)
                            .map(p -> Math.min(100, p + chance))
                            .toArray());
        });
        chart.curve("pale", percentiles, percentiles);
        curves.forEach((look, found) -> chart.curve(
                look,
                percentiles,
                Arrays.stream(found.shares()).map(share -> 100 * share).toArray()));
        chart.end();
        html.leaf("figcaption", caption(curves)).close();
    }

    private static String caption(Map<String, Calibration> curves) {
        StringBuilder text = new StringBuilder(
                "Calibration of percentiles: on the diagonal, p percent of the test rows are at most at percentile p, as they"
                        + " should be; above it, test rows are less probable than those they are compared with.");
        curves.forEach((look, found) -> text.append(look.equals("held") ? " Among held-out rows" : " Among samples")
                .append(" the largest distance is ")
                .append(Figures.of(100 * found.test().statistic()))
                .append(" % (p ")
                .append(EvaluationTable.pValue(found.test().pValue()))
                .append(")."));
        return text.toString();
    }
}
