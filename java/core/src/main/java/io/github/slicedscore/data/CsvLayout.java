package io.github.slicedscore.data;

import java.util.Arrays;
import java.util.List;

/**
 * Which fields of a CSV file's records are read.
 *
 * @param names names of the columns that are kept, in the order of the dataset
 * @param targets for each field of a record the index of its column, or -1 if it is not kept
 */
record CsvLayout(List<String> names, int[] targets) {
    /**
     * The layout that keeps some fields.
     *
     * @param fields names of all fields of the file
     * @param kept indices of those to keep, in the order wanted
     */
    static CsvLayout of(List<String> fields, int[] kept) {
        int[] targets = new int[fields.size()];
        Arrays.fill(targets, -1);
        for (int i = 0; i < kept.length; i++) {
            targets[kept[i]] = i;
        }
        return new CsvLayout(Arrays.stream(kept).mapToObj(fields::get).toList(), targets);
    }

    /** Number of fields of every record. */
    int fields() {
        return targets.length;
    }

    /** Number of columns that are kept. */
    int width() {
        return names.size();
    }

    /** Column of a field, or -1 if it is not kept or there should be no such field. */
    int target(int field) {
        return field < targets.length ? targets[field] : -1;
    }
}
