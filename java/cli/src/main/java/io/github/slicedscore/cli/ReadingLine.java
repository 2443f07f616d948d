package io.github.slicedscore.cli;

import io.github.slicedscore.data.ReadProgress;
import java.nio.file.Path;
import java.util.Locale;

/** Shows how the reading of a long file comes along; of one that is read at once, nothing. */
final class ReadingLine implements ReadProgress {
    private final StatusLine line;
    private final Path file;
    private final long started = System.nanoTime();

    ReadingLine(StatusLine line, Path file) {
        this.line = line;
        this.file = file;
    }

    @Override
    public void read(long bytes, long size, long rows) {
        if (line.isDue()) {
            line.show(text(bytes, size, rows, Math.max(1, System.nanoTime() - started) / 1e9));
        }
    }

    /** Leaves the line. */
    void finish() {
        line.finish();
    }

    String text(long bytes, long size, long rows, double seconds) {
        double speed = bytes / seconds;
        return String.format(
                Locale.ROOT,
                "reading %s  %d%% of %.0f MB  %d rows  %.0f MB/s  %s left",
                file.getFileName(),
                100 * bytes / Math.max(1, size),
                size / 1e6,
                rows,
                speed / 1e6,
                ProgressLine.duration((size - bytes) / Math.max(1, speed)));
    }
}
