package io.github.slicedscore.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option that goes with some choices of another option only, and is refused beside the others: what is ignored in silence
 * passes for what was done.
 *
 * @param option its name
 * @param selector the other option's name
 * @param choices those that it goes with
 */
record Belonging(String option, String selector, List<String> choices) {
    /** Throws if the option was given beside a choice that does not take it. */
    void check(@Nullable Object given, String chosen) {
        if (given != null && !choices.contains(chosen)) {
            throw new BadInputException(option + " goes with " + selector + " " + list(choices) + ", not with " + chosen
                    + "; leave one of the two out");
        }
    }

    private static String list(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}
