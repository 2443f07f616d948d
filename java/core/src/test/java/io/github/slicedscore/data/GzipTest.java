package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipTest {
    @TempDir
    Path directory;

    private static byte[] gzip(String text) throws IOException {
        return BinaryTableTest.gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private Dataset read(byte[] content, ReadOptions cost) throws IOException {
        return CsvReader.read(Files.write(directory.resolve("data.csv"), content), CsvOptions.DEFAULT, cost);
    }

    private AbstractThrowableAssert<?, ?> refuses(byte[] content) {
        return assertThatThrownBy(() -> read(content, ReadOptions.DEFAULT))
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContaining("data.csv");
    }

    @Test
    void isToldByItsBytesAndMayHaveSeveralMembers() throws IOException {
        byte[] file = joined(gzip("a,b\n1,2\n3"), gzip(""), gzip(",4\n"), gzip("5,6"));
        Dataset data = read(file, ReadOptions.DEFAULT);
        assertThat(data.columns()).containsExactly("a", "b");
        assertThat(data.column(1)).containsExactly(2, 4, 6);
        assertThat(DataReader.columns(directory.resolve("data.csv"), CsvOptions.DEFAULT))
                .isEqualTo(List.of("a", "b"));
    }

    /** Members whose ends fall anywhere into the buffers that the file is read by. */
    @Test
    void manyMembersOfAllSizes() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(gzip("a\n"));
        double sum = 0;
        int rows = 0;
        while (file.size() < 400_000) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(3000); i > 0; i--) {
                int value = random.nextInt();
                sum += value;
                rows++;
                text.append(value).append('\n');
            }
            file.writeBytes(gzip(text.toString()));
        }
        double[] column = read(file.toByteArray(), ReadOptions.DEFAULT).column(0);
        assertThat(column).hasSize(rows);
        assertThat(Arrays.stream(column).sum()).isEqualTo(sum);
    }

    @Test
    void damageIsReported() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n3,4\n");
        refuses(Arrays.copyOf(whole, whole.length - 9)).hasMessageContaining("cut off");
        refuses(Arrays.copyOf(whole, whole.length - 1)).hasMessageContaining("cut off");
        refuses(Arrays.copyOf(whole, 6)).hasMessageContaining("cut off");
        byte[] changed = whole.clone();
        changed[whole.length - 8] ^= 1;
        refuses(changed).hasMessageContaining("damaged gzip file");
        changed = whole.clone();
        changed[2] = 7;
        refuses(changed).hasMessageContaining("damaged gzip file");
        changed = whole.clone();
        changed[10] = (byte) 0xFF;
        refuses(changed).hasMessageContaining("damaged gzip file");
    }

    /** Java's own stream takes what follows for nothing, and would lose rows in silence. */
    @Test
    void whatFollowsTheLastMemberIsNotLostInSilence() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n3,4\n");
        for (int length : new int[] {1, 2, 3, 9, 10, 17, 18, 40, 100_000}) {
            refuses(joined(whole, new byte[length]))
                    .hasMessageContainingAll("end at byte " + whole.length, "something else");
        }
        byte[] second = gzip("5,6\n7,8\n");
        second[0] = 0;
        refuses(joined(whole, second)).hasMessageContaining("end at byte " + whole.length);
    }

    @Test
    void bombsAreRefusedAndTheBoundCanBeRaised() throws IOException {
        byte[] bomb = gzip("a\n" + "1\n".repeat(3_000_000));
        refuses(bomb)
                .hasMessageContainingAll("unpacks to more than 100.0 times its size of " + bomb.length, "--max-ratio");
        assertThat(read(bomb, ReadOptions.DEFAULT.withMaxRatio(2000)).rows()).isEqualTo(3_000_000);
        // Small files may have any ratio.
        assertThat(read(gzip("a\n" + "1\n".repeat(500_000)), ReadOptions.DEFAULT)
                        .rows())
                .isEqualTo(500_000);
    }

    @Test
    void otherPackingsAreNamed() throws IOException {
        for (String head : List.of("PK\u0003\u0004", "BZh9")) {
            Path path = Files.writeString(directory.resolve("data.csv"), head + "1,2\n");
            assertThatThrownBy(() -> DataReader.read(path, CsvOptions.DEFAULT, ReadOptions.DEFAULT))
                    .hasMessageMatching(".*data.csv is (a zip archive|packed by bzip2).*");
        }
    }
}
