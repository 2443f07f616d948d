package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;
import io.github.slicedscore.train.TrainingPoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The losses of a training, in a page. */
final class HtmlTraining {
    private HtmlTraining() {}

    static void write(Html html, Report report) {
        HtmlParts.known(html, "Losses", report.history())
                .ifPresent(points ->
                        chart(html, points, report.model().provenance().bestStep()));
    }

    private static void chart(Html html, List<TrainingPoint> points, long bestStep) {
        double[] steps = points.stream().mapToDouble(TrainingPoint::step).toArray();
        double[] losses = points.stream().mapToDouble(TrainingPoint::loss).toArray();
        double[] held =
                points.stream().mapToDouble(TrainingPoint::validationLoss).toArray();
        boolean validated = Arrays.stream(held).anyMatch(Double::isFinite);
        html.open("figure");
        Map<String, String> legend = new LinkedHashMap<>();
        legend.put("curve data", "training rows");
        if (validated) {
            legend.put("curve samples", "held-out rows");
        }
        HtmlParts.legend(html, legend);
        SvgChart chart = SvgChart.begin(
                html,
                "Score-matching loss by step, from step " + points.get(0).step() + " to "
                        + points.get(points.size() - 1).step(),
                new Range(0, steps[steps.length - 1]),
                "step",
                range(losses, held),
                "loss (lower is better)");
        chart.curve("data", steps, losses);
        chart.curve("samples", steps, held);
        points.stream()
                .filter(point -> point.step() == bestStep)
                .forEach(best ->
                        chart.dot("samples", (double) best.step(), validated ? best.validationLoss() : best.loss()));
        chart.end();
        html.leaf(
                        "figcaption",
                        "Score-matching loss, a point per validation; the dot is the step that made the model. Losses of"
                                + " training rows are of noised rows, and means since the point before.")
                .close();
    }

    /** Where the losses lie but for the first few, which may be huge and would flatten the rest. */
    private static Range range(double[] losses, double[] held) {
        double[] all = DoubleStream.concat(Arrays.stream(losses), Arrays.stream(held))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double low = all.length == 0 ? 0 : all[0];
        double high = all.length == 0 ? 1 : all[(int) (0.97 * (all.length - 1))];
        double margin = high > low ? 0.08 * (high - low) : 0.5;
        return new Range(low - margin, high + margin);
    }
}
