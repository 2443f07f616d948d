package io.github.slicedscore.fuzz;

import io.github.slicedscore.data.MalformedDataException;
import io.github.slicedscore.io.MalformedFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What holds for every file: a reader gives its content, or refuses it by one of two exceptions, whose message names the file, is
 * short, and holds nothing that a terminal obeys.
 */
public final class Hostile {
    /** Characters of a message. */
    public static final int LONGEST_MESSAGE = 500;

    private static final ThreadLocal<ScratchFile> FILE = ThreadLocal.withInitial(() -> {
        try {
            return new ScratchFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    });

    private Hostile() {}

    /** What reads a file. */
    public interface Reading<T> {
        T read(Path file) throws IOException;
    }

    /** A file with some content, which the next call replaces. */
    public static Path file(byte[] content) {
        try {
            return FILE.get().with(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What writes a file. */
    public interface Writing {
        void write(Path file) throws IOException;
    }

    /** The bytes that a writer writes. */
    public static byte[] written(Writing writing) throws IOException {
        Path file = file(new byte[0]);
        Path other = file.resolveSibling(file.getFileName() + ".written");
        writing.write(other);
        byte[] bytes = Files.readAllBytes(other);
        Files.delete(other);
        return bytes;
    }

    /** What a file with some content holds; nothing if it was refused as files are to be. */
    public static <T> Optional<T> read(byte[] content, Reading<T> reading) {
        Path file = file(content);
        try {
            return Optional.of(reading.read(file));
        } catch (MalformedDataException | MalformedFileException e) {
            requireMessage(e.getMessage(), file);
            return Optional.empty();
        } catch (IOException e) {
            throw new AssertionError("an exception that says nothing of the file", e);
        }
    }

    /** Throws unless a message is what messages are to be. */
    public static void requireMessage(String message, Path file) {
        if (!message.contains(file.toString())) {
            throw new AssertionError("the message does not name the file: " + message);
        }
        if (message.length() > LONGEST_MESSAGE) {
            throw new AssertionError("the message has " + message.length() + " characters: " + message);
        }
        if (!message.codePoints().allMatch(Hostile::isShown)) {
            throw new AssertionError("the message holds characters that are not shown: " + message);
        }
    }

    private static boolean isShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> character == 0x200C || character == 0x200D;
            default -> true;
        };
    }

    /** Throws unless two things are equal. */
    public static void requireEqual(Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new AssertionError("found " + found + System.lineSeparator() + "expected " + expected);
        }
    }
}
