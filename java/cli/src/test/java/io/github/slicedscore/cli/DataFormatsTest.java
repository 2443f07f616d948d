package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command takes every format of data, told by its first bytes. */
class DataFormatsTest {
    @TempDir
    Path folder;

    private Path csv;

    @BeforeEach
    void table() throws IOException {
        csv = Tables.mixture(folder.resolve("data.csv"), 300);
    }

    private static Outcome run(Object... arguments) {
        Outcome outcome = Cli.run(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static void assertRefused(Outcome outcome, String... message) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err()).contains(message).doesNotContain("Exception");
    }

    private Path convert(String name, Object... options) {
        Path rows = folder.resolve(name);
        Object[] arguments = new Object[options.length + 4];
        System.arraycopy(new Object[] {"convert", csv, "--out", rows}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        assertThat(run(arguments).err()).contains("wrote " + rows + " (300 rows of ");
        return rows;
    }

    private Path gzip() throws IOException {
        Path packed = folder.resolve("packed.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(csv, out);
        }
        return packed;
    }

    private String losses(Path data, String name) throws IOException {
        Path model = folder.resolve(name + ".safetensors");
        run("train", data, "--out", model, "--drop", "name,side", "--hidden", "8", "--steps", "30");
        return Files.readString(folder.resolve(name + ".training.csv"));
    }

    /** The same numbers in another file are the same training. */
    @Test
    void trainingDoesNotDependOnTheFormat() throws IOException {
        String expected = losses(csv, "csv");
        assertThat(losses(gzip(), "gzip")).isEqualTo(expected);
        Path rows = convert("numbers.rows", "--drop", "name", "--double");
        Path model = folder.resolve("rows.safetensors");
        run("train", rows, "--out", model, "--drop", "side", "--hidden", "8", "--steps", "30");
        assertThat(folder.resolve("rows.training.csv")).hasContent(expected);

        Path single = convert("single.rows", "--drop", "name,side");
        run("train", single, "--out", folder.resolve("s.safetensors"), "--hidden", "8", "--steps", "30", "--quiet");
        String scores = run("score", model, csv).out();
        assertThat(run("score", model, rows).out()).isEqualTo(scores);
        assertThat(run("score", model, gzip()).out()).isEqualTo(scores);
        assertThat(run("evaluate", model, rows, "--importance-samples", "1000", "--annealed-chains", "20")
                        .out())
                .contains("these are the rows that the model was trained on");
        run(
                "sample",
                model,
                "-n",
                "20",
                "--data",
                rows,
                "--plot",
                folder.resolve("p.png"),
                "--out",
                folder.resolve("s.csv"));
    }

    @Test
    void numPyMatricesAreTrainedOnByTheNumbersOfTheirColumns() throws IOException {
        byte[] head =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (200, 2), }\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(10 + head.length + 1600).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) head.length)
                .put(head);
        for (int i = 0; i < 400; i++) {
            file.putFloat((float) Math.sin(i * i));
        }
        Path npy = Files.write(folder.resolve("data.npy"), file.array());
        run("train", npy, "--out", folder.resolve("m.safetensors"), "--hidden", "8", "--steps", "20");
        assertThat(run("info", folder.resolve("m.safetensors")).out()).contains("c1", "c2");

        Path model = folder.resolve("n.safetensors");
        assertRefused(
                Cli.run("train", npy, "--out", model, "--no-header"),
                "--no-header is for CSV files, and " + npy + " is of the format NumPy");
        assertRefused(Cli.run("train", npy, "--out", model, "--delimiter", ";"), "--delimiter is for CSV files");
        assertRefused(Cli.run("train", npy, "--out", model, "--drop", "x"), "there are c1, c2");
    }

    @Test
    void convertDestroysNothing() throws IOException {
        Path rows = Files.writeString(folder.resolve("there.rows"), "precious");
        assertRefused(Cli.run("convert", csv, "--out", rows, "--drop", "name"), "exists; replace it with --force");
        assertRefused(Cli.run("convert", csv, "--out", csv, "--force"), "is also the data");
        assertRefused(
                Cli.run("convert", csv, "--out", rows, "--force"),
                "data.csv",
                "column 'name' holds text",
                "--drop name");
        assertThat(rows).hasContent("precious");
        run("convert", csv, "--out", rows, "--force", "--drop", "name");
        assertRefused(Cli.run("convert", csv, "--out", folder.resolve("no/d.rows")), "there is no directory");
        assertRefused(Cli.run("convert", csv, "--out", folder.resolve("d.rows"), "--max-ratio", "0.5"), "--max-ratio");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("data.csv", "there.rows");
        }
    }

    @Test
    void bombsAreRefusedUnlessTheyAreAskedFor() throws IOException {
        csv = Files.writeString(folder.resolve("flat.csv"), "a,b\n" + "1,2\n".repeat(500_000));
        Path packed = gzip();
        Path rows = folder.resolve("flat.rows");
        assertRefused(Cli.run("convert", packed, "--out", rows), "unpacks to more than 100.0 times", "--max-ratio");
        assertThat(rows).doesNotExist();
        assertThat(run("convert", packed, "--out", rows, "--max-ratio", "1100").err())
                .contains("(500000 rows of 2 numbers)");
        assertThat(rows).hasSize(64 + 4_000_000);
    }

    @Test
    void progressOfALongFileIsALine() {
        ReadingLine line = new ReadingLine(
                new StatusLine(new java.io.PrintWriter(System.err, true, StandardCharsets.UTF_8), false), csv);
        assertThat(line.text(450_000_000, 1_800_000_000, 4_500_000, 3))
                .isEqualTo("reading data.csv  25% of 1800 MB  4500000 rows  150 MB/s  9 s left");
        assertThat(List.of(line.text(0, 0, 0, 1))).allMatch(text -> text.contains("0% of 0 MB"));
    }
}
