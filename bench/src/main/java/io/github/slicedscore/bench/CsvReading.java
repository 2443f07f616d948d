package io.github.slicedscore.bench;

import com.sun.management.OperatingSystemMXBean;
import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.ReadOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading a CSV file of normal numbers that the system has in memory already, from its first byte to the dataset. The line
 * {@code read:megabytes} is the result, megabytes (10^6) of the file a second; {@code read:processors} says how many processors
 * worked for it on average, which on a machine that others use, too, are fewer than there are threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CsvReading {
    private static final int COLUMNS = 16;
    private static final int DIFFERENT_ROWS = 20_000;

    /** Rows of the file. */
    @Param("500000")
    public int rows;

    /** Digits after the point, or 17 for as many as a double needs. */
    @Param({"6", "17"})
    public int digits;

    /** What a field is in: numbers alone, or numbers in quotes. */
    @Param({"plain", "quoted"})
    public String fields;

    /** Threads that parse, 0 for one per core. */
    @Param({"1", "2"})
    public int threads;

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private Path file;
    private long size;

    /** Megabytes read, from which JMH makes megabytes a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        /** In this iteration. */
        public double megabytes;

        /** Seconds of processors in this iteration, of all threads and of the JVM itself. */
        public double processors;
    }

    /**
     * Writes the file: at most {@value #DIFFERENT_ROWS} rows, over and over, as text is slower to make than to read.
     *
     * @throws IOException if it can't be written
     */
    @Setup(Level.Trial)
    public void write() throws IOException {
        file = Files.createTempFile("slicedscore-bench", ".csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int column = 1; column <= COLUMNS; column++) {
                out.write((column == 1 ? "" : ",") + "x" + column);
            }
            String[] different = rows(Math.min(rows, DIFFERENT_ROWS));
            for (int row = 0; row < rows; row++) {
                out.write(different[row % DIFFERENT_ROWS]);
            }
        }
        size = Files.size(file);
    }

    private String[] rows(int count) {
        SplittableRandom random = new SplittableRandom(Config.SEED);
        String quote = fields.equals("quoted") ? "\"" : "";
        String[] lines = new String[count];
        StringBuilder line = new StringBuilder();
        for (int row = 0; row < count; row++) {
            line.setLength(0);
            for (int column = 0; column < COLUMNS; column++) {
                double value = random.nextGaussian();
                String text =
                        digits == 17 ? Double.toString(value) : String.format(Locale.ROOT, "%." + digits + "f", value);
                line.append(column == 0 ? "\n" : ",").append(quote).append(text).append(quote);
            }
            lines[row] = line.toString();
        }
        return lines;
    }

    /**
     * Deletes the file.
     *
     * @throws IOException if that fails
     */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.delete(file);
    }

    /**
     * Reads it.
     *
     * @param done counts the megabytes
     * @return the table
     * @throws IOException if it can't be read
     */
    @Benchmark
    public Dataset read(Done done) throws IOException {
        long start = system.getProcessCpuTime();
        Dataset data = CsvReader.read(file, CsvOptions.DEFAULT, ReadOptions.DEFAULT.withThreads(threads));
        done.processors += (system.getProcessCpuTime() - start) / 1e9;
        done.megabytes += size / 1e6;
        return data;
    }
}
