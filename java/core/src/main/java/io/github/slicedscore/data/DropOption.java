package io.github.slicedscore.data;

import java.util.List;
import java.util.stream.Collectors;

/** The command-line option that leaves columns out, ready to be pasted into a shell. */
final class DropOption {
    private DropOption() {}

    /**
     * For example {@code --drop type,place} or {@code --drop 'fixed acidity,pH'}. A name that holds a comma stands in
     * double quotes of its own.
     */
    static String of(List<String> names) {
        String list = names.stream()
                .map(name -> name.indexOf(',') < 0 ? name : '"' + name + '"')
                .collect(Collectors.joining(","));
        boolean plain = list.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-.,".indexOf(c) >= 0);
        return "--drop " + (plain ? list : "'" + list.replace("'", "'\\''") + "'");
    }
}
