package io.github.slicedscore.fuzz;

import io.github.slicedscore.cli.ConfigFuzz;
import io.github.slicedscore.data.CsvFuzz;
import io.github.slicedscore.data.DecimalFuzz;
import io.github.slicedscore.data.GzipFuzz;
import io.github.slicedscore.data.IdxFuzz;
import io.github.slicedscore.data.NpyFuzz;
import io.github.slicedscore.data.ParallelCsvFuzz;
import io.github.slicedscore.data.RowsFuzz;
import io.github.slicedscore.data.TextTableFuzz;
import io.github.slicedscore.exchange.StateDictFuzz;
import io.github.slicedscore.io.CheckpointFuzz;
import io.github.slicedscore.io.JsonFuzz;
import io.github.slicedscore.io.ModelFuzz;
import io.github.slicedscore.io.SafeTensorsFuzz;
import java.util.ArrayList;
import java.util.List;

/** All targets, those first that read most of what comes from strangers. */
final class Targets {
    private static final List<String> TENSORS = List.of(
            "{\"",
            "\":",
            "\"__metadata__\":{",
            "\"dtype\":\"F32\"",
            "\"F64\"",
            "\"F16\"",
            "\"BF16\"",
            "\"I64\"",
            "\"shape\":[",
            "\"data_offsets\":[0,4]",
            "2147483647",
            "9223372036854775807",
            "\\u0000",
            "\\ud800",
            "[[[[",
            "1e308");

    private static final List<String> NAMES = joined(
            TENSORS,
            "\"format\":\"slicedscore.model\"",
            "\"format_version\":\"2\"",
            "\"kind\":\"energy\"",
            "\"hidden\":\"[2]\"",
            "\"residual\":\"true\"",
            "\"fourier.count\"",
            "\"noise_levels.count\":\"9\"",
            "\"setting.",
            "series.",
            "layers.0.weight",
            ".weight",
            ".bias",
            "NaN",
            "-Infinity");

    private static final List<String> TABLE = List.of(
            ",",
            ";",
            "\t",
            "\"",
            "\"\"",
            "\r\n",
            "\r",
            "\n",
            "\uFEFF",
            "1e999",
            "-0.0",
            "NA",
            "inf",
            "\u0000",
            "é",
            "1,5",
            ".5",
            "a,b\n",
            "\",\"",
            "\u001b[31m");

    static final List<Target> ALL = List.of(
            new Target(SafeTensorsFuzz.class, SafeTensorsFuzz::fuzzerTestOneInput, SafeTensorsFuzz::seeds, TENSORS),
            new Target(CsvFuzz.class, CsvFuzz::fuzzerTestOneInput, CsvFuzz::seeds, TABLE),
            new Target(JsonFuzz.class, JsonFuzz::fuzzerTestOneInput, JsonFuzz::seeds, TENSORS),
            new Target(
                    NpyFuzz.class,
                    NpyFuzz::fuzzerTestOneInput,
                    NpyFuzz::seeds,
                    List.of(
                            "'descr': '<f4'",
                            "'fortran_order': True",
                            "'shape': (2, 2)",
                            "'|O'",
                            "'|u1'",
                            "'>i8'",
                            "[('a', '<f4')]",
                            "4611686018427387904",
                            "-1",
                            "L,",
                            "{",
                            "}",
                            "()")),
            new Target(
                    IdxFuzz.class,
                    IdxFuzz::fuzzerTestOneInput,
                    IdxFuzz::seeds,
                    List.of("\u0008\u0003", "\r\u0001", "\u000e\u0002", "\uFFFF")),
            new Target(
                    RowsFuzz.class,
                    RowsFuzz::fuzzerTestOneInput,
                    RowsFuzz::seeds,
                    List.of("a", "\u0001\u0000\u0000\u0000", "\u0000\u0000\u0000\u0000", "é")),
            new Target(ModelFuzz.class, ModelFuzz::fuzzerTestOneInput, ModelFuzz::seeds, NAMES),
            new Target(CheckpointFuzz.class, CheckpointFuzz::fuzzerTestOneInput, CheckpointFuzz::seeds, NAMES),
            new Target(StateDictFuzz.class, StateDictFuzz::fuzzerTestOneInput, StateDictFuzz::seeds, NAMES),
            new Target(
                    GzipFuzz.class,
                    GzipFuzz::fuzzerTestOneInput,
                    GzipFuzz::seeds,
                    List.of("\u001f", "\b\u0000", "\u0000\u0000\u0000\u0000")),
            new Target(
                    DecimalFuzz.class,
                    DecimalFuzz::fuzzerTestOneInput,
                    DecimalFuzz::seeds,
                    List.of("e-", "E+", ".", "9007199254740993", "1e22", "000000", "99999", " ", "inf", "nan")),
            new Target(TextTableFuzz.class, TextTableFuzz::fuzzerTestOneInput, TextTableFuzz::seeds, TABLE),
            new Target(
                    ConfigFuzz.class,
                    ConfigFuzz::fuzzerTestOneInput,
                    ConfigFuzz::seeds,
                    List.of(
                            "steps = 5\n",
                            "drop = ",
                            "resume = true",
                            "no-dequantize",
                            "#",
                            "\\n",
                            "\\s",
                            "\\\\",
                            "\uFEFF",
                            "=",
                            "\r\n",
                            "\t")),
            new Target(ParallelCsvFuzz.class, ParallelCsvFuzz::fuzzerTestOneInput, ParallelCsvFuzz::seeds, TABLE));

    private Targets() {}

    private static List<String> joined(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }
}
