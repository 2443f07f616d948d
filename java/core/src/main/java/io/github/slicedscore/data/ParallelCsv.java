package io.github.slicedscore.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads the parts of a CSV file on several threads, and joins them in their order. The calling thread cuts the text and joins; it
 * waits when it is so many parts ahead that every thread has work. Where there is to be one thread, it is the calling one.
 */
final class ParallelCsv {
    /** Bytes of a file from which on its length is estimated. */
    private static final long ESTIMATED_FROM = 1 << 24;

    /** Part of Java's memory from which on, too: a file that is packed can hold much in few bytes. */
    private static final int HEAVY = 4;

    private final SourceFile source;
    private final CsvSplitter splitter;
    private final CsvLayout layout;
    private final char delimiter;
    private final CsvTable table;
    private final RowSink sink;
    private final ReadOptions cost;
    private final Deque<Work> idle = new ArrayDeque<>();
    private final Deque<Running> running = new ArrayDeque<>();

    ParallelCsv(
            SourceFile source,
            CsvSplitter splitter,
            CsvLayout layout,
            char delimiter,
            CsvTable table,
            RowSink sink,
            ReadOptions cost) {
        this.source = source;
        this.splitter = splitter;
        this.layout = layout;
        this.delimiter = delimiter;
        this.table = table;
        this.sink = sink;
        this.cost = cost;
    }

    /** A part, the parsers that read it, and what comes of it. */
    private final class Work {
        private final CsvSplitter.Part part = new CsvSplitter.Part();
        private final PlainCsvParser plain = new PlainCsvParser(layout, (byte) delimiter);
        private final QuotedCsvParser quoted = new QuotedCsvParser(layout, delimiter);
        private final CsvBlock block = new CsvBlock(layout);
        private long position;

        Void parse() throws IOException {
            block.clear();
            if (part.isPlain() && PlainCsvParser.takes(delimiter)) {
                plain.parse(part.bytes(), 0, part.length(), block);
            } else {
                quoted.parse(part.bytes(), 0, part.length(), block);
            }
            return null;
        }
    }

    /** A part that is being read, or was. */
    private record Running(Work work, Future<?> end) {}

    /** Reads everything. */
    void run() throws IOException {
        int threads = cost.workers();
        if (threads == 1) {
            readParts();
        } else {
            readParts(threads);
        }
        if (splitter.hasRest()) {
            readRest();
        }
    }

    /** Parses on the calling thread. */
    private void readParts() throws IOException {
        Work work = new Work();
        while (splitter.next(work.part, delimiter)) {
            work.parse();
            table.add(work.block);
            tell(source.position());
        }
    }

    private void readParts(int threads) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "slicedscore-csv");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Work work = idle();
            while (splitter.next(work.part, delimiter)) {
                work.position = source.position();
                running.add(new Running(work, workers.submit(work::parse)));
                // Long records are rare, or an attack; that they take memory once is enough.
                int most = work.part.isLong() ? 0 : 2 * threads;
                while (running.size() > most) {
                    join();
                }
                work = idle();
            }
            while (!running.isEmpty()) {
                join();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private Work idle() {
        Work work = idle.poll();
        return work == null ? new Work() : work;
    }

    private void join() throws IOException {
        Work work = running.element().work();
        try {
            running.remove().end().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the reading of " + source.path() + " was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
        table.add(work.block);
        tell(work.position);
        if (!work.part.isLong()) {
            idle.add(work);
        }
    }

    /** What could not be cut: a record of many megabytes, which is more likely a quote left open. */
    private void readRest() throws IOException {
        new QuotedCsvParser(layout, delimiter).parse(splitter.rest(), block -> {
            table.add(block);
            tell(source.position());
        });
    }

    private void tell(long position) throws MalformedDataException {
        long rows = table.rows() + table.dropped();
        boolean heavy =
                table.rows() > Runtime.getRuntime().maxMemory() / HEAVY / ((long) layout.width() * Double.BYTES);
        if (heavy || position >= ESTIMATED_FROM) {
            sink.expect((long) ((double) table.rows() / position * source.size()));
        }
        cost.progress().read(position, source.size(), rows);
    }
}
