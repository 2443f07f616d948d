package io.github.slicedscore.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A condition of a model, and the rows of a table that have it.
 *
 * @param values c in original units; empty for a model without conditions, whose rows all share that
 * @param rows row numbers, ascending, at least one
 */
record Conditions(double[] values, int[] rows) {
    /** A normaliser or a sampler's run each would take too long for more. */
    private static final int MOST = 20;

    /**
     * The different conditions of rows, in the order of their first rows.
     *
     * @param names of the condition columns
     * @param purpose what is done once for each, for the message: "the normaliser is estimated"
     * @throws IllegalArgumentException if there are more than {@value #MOST}
     */
    static List<Conditions> of(ModelRows rows, List<String> names, String purpose) {
        Map<List<Double>, List<Integer>> groups = new LinkedHashMap<>();
        for (int row = 0; row < rows.count(); row++) {
            groups.computeIfAbsent(rows.condition(row), key -> new ArrayList<>())
                    .add(row);
        }
        if (groups.size() > MOST) {
            throw new IllegalArgumentException("the model is conditioned on " + names + ", and " + purpose
                    + " for each condition; the " + rows.count() + " rows have " + groups.size()
                    + " different ones, more than " + MOST + "; give rows of fewer conditions");
        }
        List<Conditions> conditions = new ArrayList<>();
        groups.forEach((values, members) -> conditions.add(new Conditions(
                values.stream().mapToDouble(value -> value).toArray(),
                members.stream().mapToInt(row -> row).toArray())));
        return conditions;
    }
}
