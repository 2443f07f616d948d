package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.eval.ColumnComparison;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.TableComparison;
import io.github.slicedscore.eval.TestResult;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code compare} prints: a table for people, and JSON whose names are part of the interface. */
final class ComparisonText {
    private static final double SIGNIFICANT = 0.05;

    private ComparisonText() {}

    static String table(Path first, Path second, TableComparison comparison) {
        StringBuilder text = new StringBuilder();
        line(text, "A  %s, %d rows", first, comparison.firstRows());
        line(text, "B  %s, %d rows", second, comparison.secondRows());
        int width = Math.max(
                16,
                comparison.columns().stream()
                                .mapToInt(column -> column.column().length())
                                .max()
                                .orElse(0)
                        + 2);
        line(text, "%neach column by itself");
        line(
                text,
                "  %-" + width + "s%12s%12s%12s%12s%10s   p",
                "column",
                "mean of A",
                "of B",
                "deviation",
                "of B",
                "KS");
        for (ColumnComparison column : comparison.columns()) {
            line(
                    text,
                    "  %-" + width + "s%12s%12s%12s%12s%10.4f   %s",
                    column.column(),
                    number(column.firstMean()),
                    number(column.secondMean()),
                    number(column.firstDeviation()),
                    number(column.secondDeviation()),
                    column.test().statistic(),
                    p(column.test(), SIGNIFICANT / comparison.columns().size()));
        }
        line(text, "%nrows as a whole, in deviations of the columns");
        test(text, "MMD", "MMD^2", comparison.discrepancy());
        test(text, "classifier", "right", comparison.classifier());
        return text.toString();
    }

    private static void test(StringBuilder text, String name, String statistic, Finding<TestResult> finding) {
        if (finding instanceof Finding.Known<TestResult> known) {
            TestResult test = known.value();
            line(
                    text,
                    "  %-14s%12.5f   %s of %d rows   p %s",
                    name,
                    test.statistic(),
                    statistic,
                    test.rows(),
                    p(test, SIGNIFICANT));
        } else {
            line(text, "  %-14s%12s   %s", name, "none", ((Finding.Missing<TestResult>) finding).reason());
        }
    }

    private static String p(TestResult test, double significant) {
        return (test.pValue() < 0.0005 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", test.pValue()))
                + (test.pValue() < significant ? "; they differ" : "");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }

    static String json(Path first, Path second, long seed, TableComparison comparison) {
        return JsonText.of(map(
                "first", map("file", first, "rows", comparison.firstRows()),
                "second", map("file", second, "rows", comparison.secondRows()),
                "seed", seed,
                "columns",
                        comparison.columns().stream()
                                .map(ComparisonText::column)
                                .toList(),
                "tests",
                        map(
                                "mmd", entry(comparison.discrepancy()),
                                "classifier", entry(comparison.classifier()))));
    }

    private static Map<String, @Nullable Object> column(ColumnComparison column) {
        return map(
                "column", column.column(),
                "first_mean", column.firstMean(),
                "first_deviation", column.firstDeviation(),
                "second_mean", column.secondMean(),
                "second_deviation", column.secondDeviation(),
                "kolmogorov_smirnov", test(column.test()));
    }

    private static Map<String, @Nullable Object> entry(Finding<TestResult> finding) {
        return finding instanceof Finding.Known<TestResult> known
                ? test(known.value())
                : map("missing", ((Finding.Missing<TestResult>) finding).reason());
    }

    private static Map<String, @Nullable Object> test(TestResult test) {
        return map("statistic", test.statistic(), "p_value", test.pValue(), "rows", test.rows());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
