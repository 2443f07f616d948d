package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Levels spread over the real line, and found again. */
class LogitTest {
    @TempDir
    Path directory;

    private Dataset convert(String csv, long seed) throws IOException {
        Path from = Files.writeString(directory.resolve("pixels.csv"), csv);
        Path to = directory.resolve("pixels.rows");
        try (FileOutputStream out = new FileOutputStream(to.toFile())) {
            RowsFile.convert(
                    from,
                    CsvOptions.DEFAULT.withMinimumRows(1),
                    ReadOptions.DEFAULT,
                    RowsFile.Precision.DOUBLE,
                    Optional.of(new Logit(256, seed)),
                    out.getChannel());
        }
        return DataReader.read(to, CsvOptions.DEFAULT.withMinimumRows(1), ReadOptions.DEFAULT);
    }

    private static String levels() {
        StringBuilder csv = new StringBuilder("a,b,c,d,e\n");
        for (int level = 0; level < 256; level++) {
            csv.append("%1$d,%1$d,%2$d,%2$d,0%n".formatted(level, 255 - level));
        }
        return csv.toString();
    }

    /** By the formula, with the numbers of the row's position. */
    @Test
    void isTheLogitOfALevelAndNoise() throws IOException {
        Dataset found = convert("a,b,c,d,e\n7,0,100,250,30\n1,2,3,4,128\n", 5);
        Philox philox = new Philox();
        philox.draw(5, 1, 1, RandomStream.DEQUANTIZATION, 1, 0);
        double p = (128 + philox.uniform(0)) / 256;
        assertThat(found.value(1, 4)).isCloseTo(Math.log(p / (1 - p)), within(1e-12));
    }

    @Test
    void everyLevelIsFoundAgain() throws IOException {
        Dataset found = convert(levels(), 3);
        double noise = 0;
        for (int row = 0; row < 256; row++) {
            for (int column = 0; column < 5; column++) {
                double y = found.value(row, column);
                assertThat(Math.abs(y)).isLessThan(Math.log(999) + 1e-9);
                double level = 256 / (1 + Math.exp(-y));
                int expected = column < 2 ? row : column < 4 ? 255 - row : 0;
                assertThat((int) Math.floor(level)).isEqualTo(expected);
                noise += column < 4 ? (level - expected) / 1024 : 0;
            }
        }
        // Of 1024 uniform numbers; their mean has a deviation of 0.009.
        assertThat(noise).isCloseTo(0.5, within(0.04));
    }

    @Test
    void aSeedDecidesTheNoise() throws IOException {
        String first = convert(levels(), 3).hash();
        assertThat(convert(levels(), 3).hash()).isEqualTo(first);
        assertThat(convert(levels(), 4).hash()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"256", "-1", "255.5"})
    void numbersThatAreNoLevelsAreNamed(String value) {
        assertThatThrownBy(() -> convert("a,b\n1,2\n3," + value + "\n", 1))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("pixels.csv: row 2 has " + Double.parseDouble(value) + " in column 'b'")
                .hasMessageContaining("levels from 0 to 255");
    }

    @Test
    void oneLevelIsNone() {
        assertThatThrownBy(() -> new Logit(1, 1)).hasMessageContaining("at least two levels, not 1");
    }
}
