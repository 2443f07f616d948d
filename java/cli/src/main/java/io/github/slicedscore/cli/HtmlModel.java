package io.github.slicedscore.cli;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.model.Provenance;
import java.util.ArrayList;
import java.util.List;

/** What a model is and where it comes from, in a page. */
final class HtmlModel {
    /** Of more columns the first are listed. */
    private static final int MOST_COLUMNS = 40;

    /** Longer values of settings, such as lists of many columns, are cut. */
    private static final int LONGEST = 400;

    private HtmlModel() {}

    static void write(Html html, Report report) {
        ModelContents model = report.model();
        facts(html, report);
        html.open("div", "class", "beside");
        settings(html, model.provenance());
        columns(html, model);
        html.close();
    }

    private static void facts(Html html, Report report) {
        ModelContents model = report.model();
        Provenance origin = model.provenance();
        boolean energy = model.architecture().isEnergy();
        html.open("table", "class", "facts")
                .leaf("caption", "What the model file says")
                .open("tbody");
        fact(html, "file", report.evaluation().model().toString());
        fact(html, "network", Descriptions.network(model.architecture()));
        fact(html, "gives", Descriptions.gives(model.architecture()));
        boolean imported = origin.settings().containsKey("imported");
        if (!imported) {
            fact(html, "objective", Descriptions.objective(origin.settings(), model.architecture()));
        }
        fact(html, "parameters", Integer.toString(model.parameters().layout().size()));
        fact(html, "columns", names(model.columns()));
        if (!model.conditions().isEmpty()) {
            fact(html, "given", names(model.conditions()));
        }
        if (imported) {
            fact(html, "imported", origin.created() + " by slicedscore " + origin.version());
        } else {
            training(html, origin);
        }
        if (energy) {
            fact(html, "held out", model.validationLogDensities().length + " rows, which percentiles are among");
        }
        html.close().close();
    }

    private static void training(Html html, Provenance origin) {
        fact(
                html,
                "trained",
                origin.created() + " by slicedscore " + origin.version() + " on Java " + origin.javaVersion()
                        + ", kernels " + origin.kernels());
        fact(html, "data", origin.dataRows() + " rows, hash " + origin.dataHash());
        fact(html, "seed", Long.toString(origin.seed()));
        fact(html, "steps", origin.steps() + "; the model is that of step " + origin.bestStep());
        fact(
                html,
                "loss there",
                "training " + Figures.of(origin.trainingLoss())
                        + (Double.isNaN(origin.validationLoss())
                                ? "; no rows were held out"
                                : ", held-out rows " + Figures.of(origin.validationLoss())));
    }

    private static void fact(Html html, String name, String value) {
        html.open("tr").leaf("th", name, "scope", "row").leaf("td", value).close();
    }

    private static String names(List<String> names) {
        int others = names.size() - MOST_COLUMNS;
        return others <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_COLUMNS)) + " and " + others + " others";
    }

    private static void settings(Html html, Provenance origin) {
        html.open("div").leaf("h3", "Settings of the training");
        HtmlTable table =
                HtmlTable.begin(html, "settings", "All that decided the training", List.of("setting", "value"));
        origin.settings().forEach((name, value) -> table.row(name.replace('_', ' '))
                .text(shortened(SettingText.words(name, value)))
                .endRow());
        table.end();
        html.close();
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST
                ? value
                : value.substring(0, LONGEST) + "\u2026 (" + value.length() + " characters)";
    }

    private static void columns(Html html, ModelContents model) {
        html.open("div").leaf("h3", "Columns");
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        Standardizer standardizer = model.standardizer();
        double[] means = standardizer.means();
        double[] deviations = standardizer.deviations();
        int listed = Math.min(MOST_COLUMNS, names.size());
        HtmlTable table = HtmlTable.begin(
                html,
                "columns",
                "Mean and deviation of the training rows, by which columns are standardised"
                        + (listed < names.size() ? "; the first " + listed + " of " + names.size() : ""),
                List.of("column", "role", "#mean", "#deviation"));
        for (int i = 0; i < listed; i++) {
            table.row(names.get(i))
                    .text(i < model.columns().size() ? "modelled" : "given")
                    .number(Figures.of(means[i]))
                    .number(Figures.of(deviations[i]))
                    .endRow();
        }
        table.end();
        html.close();
    }
}
