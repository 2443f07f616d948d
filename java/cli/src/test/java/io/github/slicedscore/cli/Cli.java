package io.github.slicedscore.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Runs a command line in this JVM. */
final class Cli {
    /** Exit code, stdout and stderr. */
    record Outcome(int code, String out, String err) {
        /** Columns of the CSV on stdout or in a file: [row][column]. */
        static double[][] table(String csv) {
            return csv.lines()
                    .skip(1)
                    .map(line -> Stream.of(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        }

        double[] column(int index) {
            return Arrays.stream(table(out)).mapToDouble(row -> row[index]).toArray();
        }
    }

    private Cli() {}

    /** Paths may stand among the arguments. */
    static Outcome run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(
                new PrintWriter(out),
                new PrintWriter(err),
                Arrays.stream(arguments)
                        .map(argument -> argument instanceof Path path ? path.toString() : (String) argument)
                        .toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }
}
