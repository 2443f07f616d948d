package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.sample.Imputation;
import io.github.slicedscore.sample.ImputedCell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What {@code impute} says: a table for people, JSON whose names are part of the interface, and CSV of the values filled in. */
final class ImputationText {
    private ImputationText() {}

    /**
     * Values of one column.
     *
     * @param column its name
     * @param missing how many are missing
     * @param spread the mean of their deviations in deviations of the column: 0 for values that the rest of their rows decides, 1
     *     for those that it says nothing about; NaN for none
     */
    private record ColumnSummary(String column, long missing, double spread) {}

    private static List<ColumnSummary> columns(ScoreModel model, Imputation imputation) {
        double[] deviations = model.standardizer().deviations();
        List<ColumnSummary> summaries = new ArrayList<>();
        for (int i = 0; i < model.columns().size(); i++) {
            int column = i;
            List<ImputedCell> cells = imputation.cells().stream()
                    .filter(cell -> cell.column() == column)
                    .toList();
            double spread = cells.stream()
                    .mapToDouble(cell -> cell.deviation() / deviations[column])
                    .average()
                    .orElse(Double.NaN);
            summaries.add(new ColumnSummary(model.columns().get(column), cells.size(), spread));
        }
        return summaries;
    }

    private static long incomplete(Imputation imputation) {
        return imputation.cells().stream().map(ImputedCell::row).distinct().count();
    }

    static String table(ModelTable table, ScoreModel model, Imputation imputation) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%d %s filled in, in %d of %d rows of %s",
                imputation.cells().size(),
                imputation.cells().size() == 1 ? "value" : "values",
                incomplete(imputation),
                table.rows(),
                table.file());
        int width = model.columns().stream().mapToInt(String::length).max().orElse(0) + 2;
        String format = "  %-" + width + "s%9s   %s";
        line(text, format, "column", "missing", "spread of their draws, in deviations of the column");
        for (ColumnSummary column : columns(model, imputation)) {
            line(
                    text,
                    format,
                    column.column(),
                    column.missing(),
                    column.missing() == 0 ? "" : String.format(Locale.ROOT, "%.2f", column.spread()));
        }
        imputation.acceptance().ifPresent(value -> line(text, "proposals accepted: %.2f", value));
        imputation.largestRHat().ifPresent(value -> line(text, "largest R-hat: %.3f", value));
        return text.toString();
    }

    static String json(Path modelFile, ModelTable table, ScoreModel model, Imputation imputation) {
        return JsonText.of(JsonText.map(
                "model", modelFile,
                "data", table.file(),
                "rows", table.rows(),
                "incomplete_rows", incomplete(imputation),
                "values", imputation.cells().size(),
                "acceptance", boxed(imputation.acceptance()),
                "largest_r_hat", boxed(imputation.largestRHat()),
                "warnings", imputation.warnings(),
                "columns",
                        columns(model, imputation).stream()
                                .map(column -> JsonText.map(
                                        "column", column.column(),
                                        "missing", column.missing(),
                                        "spread", column.spread()))
                                .toList()));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** A line for each value filled in. */
    static String cells(ModelTable table, ScoreModel model, Imputation imputation, int draws) {
        List<String> names = new ArrayList<>(List.of("line", "column", "mean", "deviation"));
        for (int draw = 1; draw <= draws; draw++) {
            names.add("draw_" + draw);
        }
        double[] deviations = model.standardizer().deviations();
        StringBuilder text = new StringBuilder(CsvText.header(names));
        for (ImputedCell cell : imputation.cells()) {
            int decimals = CsvText.decimals(deviations[cell.column()]);
            text.append(table.text().line(cell.row()))
                    .append(',')
                    .append(CsvText.quoted(model.columns().get(cell.column())))
                    .append(',')
                    .append(CsvText.fixed(cell.mean(), decimals))
                    .append(',')
                    .append(CsvText.fixed(cell.deviation(), decimals));
            cell.draws().forEach(value -> text.append(',').append(CsvText.fixed(value, decimals)));
            text.append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
