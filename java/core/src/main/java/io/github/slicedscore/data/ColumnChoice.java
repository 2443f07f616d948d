package io.github.slicedscore.data;

import io.github.slicedscore.internal.text.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which columns of a file are kept. */
final class ColumnChoice {
    private ColumnChoice() {}

    /** Indices in the file of the columns to keep, in the order of the dataset. */
    static int[] kept(Path path, CsvOptions options, List<String> names) throws MalformedDataException {
        Map<String, Integer> places = new HashMap<>();
        names.forEach(name -> places.put(name, places.size()));
        checkKnown(path, "--columns", options.columns(), names, places);
        checkKnown(path, "--drop", options.drop(), names, places);
        List<String> kept = new ArrayList<>(options.columns().isEmpty() ? names : options.columns());
        kept.removeAll(new HashSet<>(options.drop()));
        if (kept.isEmpty()) {
            throw new MalformedDataException(
                    path + ": --drop leaves no column of " + Shown.names(names) + "; drop fewer");
        }
        Set<String> seen = new HashSet<>();
        for (String name : kept) {
            if (!seen.add(name)) {
                throw new MalformedDataException(
                        path + ": --columns names '" + name + "' twice; name each column once");
            }
        }
        return kept.stream().mapToInt(places::get).toArray();
    }

    private static void checkKnown(
            Path path, String option, List<String> wanted, List<String> names, Map<String, Integer> places)
            throws MalformedDataException {
        for (String name : wanted) {
            if (!places.containsKey(name)) {
                throw new MalformedDataException("%s: %s names '%s', which is not a column; there are %s"
                        .formatted(path, option, name, Shown.names(names)));
            }
        }
    }
}
