package io.github.slicedscore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void isThatOfThePom() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("basedir", ""), "pom.xml"));
        Matcher matcher = Pattern.compile("<version>(.*?)</version>").matcher(pom);

        assertThat(matcher.find()).isTrue();
        assertThat(Version.STRING).isEqualTo(matcher.group(1));
    }

    @Test
    void isThatOfTheCitation() throws IOException {
        assertThat(Files.readAllLines(Path.of(System.getProperty("basedir", ""), "../../CITATION.cff")))
                .contains("version: " + Version.STRING);
    }
}
