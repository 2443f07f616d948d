package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Stdout: a writer that, unlike others of its kind, knows why it failed. Always UTF-8, as the CSV files that are read. */
final class Stdout extends PrintWriter {
    private final Remembering stream;

    private Stdout(Remembering stream) {
        super(new BufferedWriter(new OutputStreamWriter(stream, UTF_8)), false);
        this.stream = stream;
    }

    static Stdout to(OutputStream stream) {
        return new Stdout(new Remembering(stream));
    }

    static Stdout open() {
        return to(new FileOutputStream(FileDescriptor.out));
    }

    /**
     * Writes out what was printed.
     *
     * @throws ClosedOutputException if nobody reads it any more
     * @throws IOException if it can't be written
     */
    static void requireWritten(PrintWriter out) throws IOException {
        if (!out.checkError()) {
            return;
        }
        IOException failure = out instanceof Stdout stdout ? stdout.stream.failure : null;
        if (failure != null && isClosedPipe(failure)) {
            throw new ClosedOutputException(failure);
        }
        throw new IOException(
                "the output can't be written any further" + (failure == null ? "" : ": " + failure.getMessage()),
                failure);
    }

    /** The system's words may be in any language; into a pipe, nothing else is likely to fail. */
    private static boolean isClosedPipe(IOException failure) {
        if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
            return true;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().startsWith("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Keeps the first failure. */
    private static final class Remembering extends FilterOutputStream {
        private @Nullable IOException failure;

        Remembering(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
