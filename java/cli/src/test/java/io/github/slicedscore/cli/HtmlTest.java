package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void textsAndAttributesAreEscaped() {
        String page = new Html()
                .open("p", "title", "\"><script>'")
                .text("a < b && c > \"d\"")
                .close()
                .page();

        assertThat(page)
                .isEqualTo("<!DOCTYPE html>\n<p title=\"&quot;&gt;&lt;script&gt;&#39;\">a &lt; b &amp;&amp; c &gt;"
                        + " &quot;d&quot;</p>\n");
    }

    @Test
    void controlCharactersAreReplaced() {
        assertThat(new Html().text("a\u0000b\u001B\u0085c\td\ne").page()).endsWith("a\uFFFDb\uFFFD\uFFFDc\td\ne");
    }

    @Test
    void elementsAreClosed() {
        Html html = new Html().open("ul").leaf("li", "x");
        assertThatThrownBy(html::page).isInstanceOf(IllegalStateException.class).hasMessageContaining("[ul]");
        assertThat(html.empty("hr", "class", "thin").close().page())
                .isEqualTo("<!DOCTYPE html>\n<ul><li>x</li>\n<hr class=\"thin\"/>\n</ul>\n");
    }

    @Test
    void aStyleSheetCannotEndItself() {
        assertThatThrownBy(() -> new Html().style("p { } </style><script>"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Html().style("a > b { }\n").page()).endsWith("<style>\na > b { }\n</style>\n");
    }
}
