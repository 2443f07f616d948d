package io.github.slicedscore.cli;

import io.github.slicedscore.eval.Finding;
import java.util.Map;
import java.util.Optional;

/** What the sections of a page have in common. */
final class HtmlParts {
    private HtmlParts() {}

    /** A result; where there is none, the page says why. */
    static <T> Optional<T> known(Html html, String what, Finding<T> finding) {
        if (finding instanceof Finding.Known<T> known) {
            return Optional.of(known.value());
        }
        note(html, what + ": none, because " + ((Finding.Missing<T>) finding).reason() + ".");
        return Optional.empty();
    }

    static void note(Html html, String text) {
        html.leaf("p", text, "class", "note");
    }

    /** What the lines and areas of a chart are: their class, and words. */
    static void legend(Html html, Map<String, String> keys) {
        html.open("ul", "class", "legend");
        keys.forEach((look, words) -> {
            html.open("li").open("svg", "viewBox", "0 0 26 12", "aria-hidden", "true");
            html.empty("path", "class", look, "d", look.startsWith("area") ? "M0 0H26V12H0Z" : "M0 6H26");
            html.close().leaf("span", words).close();
        });
        html.close();
    }
}
