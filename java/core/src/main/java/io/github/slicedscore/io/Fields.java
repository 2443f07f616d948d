package io.github.slicedscore.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Typed access to the strings and tensors of one of our own files, with the file and the field in every error. */
final class Fields {
    private static final String FORMAT = "format";
    private static final String FORMAT_VERSION = "format_version";
    private static final String CHECKSUM = "checksum";
    private static final String WRITER = "provenance.version";
    private static final String WRITE_AGAIN = "the file is damaged or was edited, so write it again";

    private final Path file;
    private final SafeTensors content;

    private Fields(Path file, SafeTensors content) {
        this.file = file;
        this.content = content;
    }

    /** Marks metadata as one of our formats. */
    static void mark(Map<String, String> metadata, String format, int version) {
        metadata.put(FORMAT, format);
        metadata.put(FORMAT_VERSION, Integer.toString(version));
    }

    /**
     * Reads a file of one of our formats.
     *
     * @param maker what makes such files, for the message that this is none
     * @param version the newest format version that the caller understands
     */
    static Fields read(Path file, String format, int version, String maker) throws IOException {
        SafeTensors content = SafeTensors.read(file);
        String found = content.metadata().get(FORMAT);
        if (!format.equals(found)) {
            throw new MalformedFileException(
                    file,
                    "it is a safetensors file, but not a " + format
                            + (found == null ? " (it has no 'format' of ours)" : " ('format' is '" + found + "')"),
                    "give a file that was written by " + maker);
        }
        Fields fields = new Fields(file, content);
        long written = fields.integer(FORMAT_VERSION);
        if (written > version) {
            String writer = content.metadata().get(WRITER);
            throw new MalformedFileException(
                    file,
                    "its format version is " + written + ", and this release reads up to " + version,
                    "upgrade slicedscore to " + (writer == null ? "a newer release" : writer + " or newer"));
        }
        if (written < 1) {
            throw fields.fault("metadata '" + FORMAT_VERSION + "' is " + written);
        }
        return fields;
    }

    /** The content and in its metadata its checksum, which {@link #verify} compares. */
    static SafeTensors sealed(Map<String, String> metadata, Map<String, Tensor> tensors) {
        Map<String, String> all = new TreeMap<>(metadata);
        all.put(CHECKSUM, Integer.toHexString(new SafeTensors(metadata, tensors).checksum()));
        return new SafeTensors(all, tensors);
    }

    /** Throws if a bit of the content is not as it was written. */
    void verify() throws MalformedFileException {
        Map<String, String> metadata = new TreeMap<>(content.metadata());
        metadata.remove(CHECKSUM);
        String found = Integer.toHexString(new SafeTensors(metadata, content.tensors()).checksum());
        if (!found.equals(text(CHECKSUM))) {
            throw new MalformedFileException(
                    file,
                    "it is damaged: its checksum is " + text(CHECKSUM) + ", that of its content " + found,
                    "take another copy");
        }
    }

    /** The version of the file's format. */
    int version() throws MalformedFileException {
        return count(FORMAT_VERSION);
    }

    MalformedFileException fault(String fault) {
        return new MalformedFileException(file, fault, WRITE_AGAIN);
    }

    boolean has(String name) {
        return content.metadata().containsKey(name);
    }

    String text(String name) throws MalformedFileException {
        String value = content.metadata().get(name);
        if (value == null) {
            throw fault("metadata '" + name + "' is missing");
        }
        return value;
    }

    long integer(String name) throws MalformedFileException {
        String text = text(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw fault("metadata '" + name + "' is '" + text + "', not a whole number");
        }
    }

    boolean truth(String name) throws MalformedFileException {
        return switch (text(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw fault("metadata '" + name + "' is '" + text(name) + "', not true or false");
        };
    }

    /** A number that fits an int, at least 0. */
    int count(String name) throws MalformedFileException {
        long value = integer(name);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw fault("metadata '" + name + "' is " + value + ", not a count");
        }
        return (int) value;
    }

    double number(String name) throws MalformedFileException {
        String text = text(name);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw fault("metadata '" + name + "' is '" + text + "', not a number");
        }
    }

    List<String> strings(String name) throws MalformedFileException {
        return list(name, String.class);
    }

    List<Integer> counts(String name) throws MalformedFileException {
        List<Integer> counts = new ArrayList<>();
        for (long value : list(name, Long.class)) {
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw fault("metadata '" + name + "' holds " + value + ", not a count");
            }
            counts.add((int) value);
        }
        return counts;
    }

    private <T> List<T> list(String name, Class<T> type) throws MalformedFileException {
        Object parsed;
        try {
            parsed = Json.parse(text(name));
        } catch (Json.SyntaxException e) {
            throw fault("metadata '" + name + "' cannot be read: " + e.getMessage());
        }
        List<T> values = new ArrayList<>();
        for (Object element : parsed instanceof List<?> list ? list : List.of(parsed)) {
            if (!(parsed instanceof List) || !type.isInstance(element)) {
                throw fault("metadata '" + name + "' is " + text(name) + ", not a JSON array of "
                        + (type == String.class ? "strings" : "whole numbers"));
            }
            values.add(type.cast(element));
        }
        return values;
    }

    /** All strings whose names begin with a prefix, without the prefix. */
    Map<String, String> prefixed(String prefix) {
        Map<String, String> values = new TreeMap<>();
        content.metadata().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), value);
            }
        });
        return values;
    }

    static void putPrefixed(Map<String, String> metadata, String prefix, Map<String, String> values) {
        values.forEach((name, value) -> metadata.put(prefix + name, value));
    }

    Map<String, Tensor> tensors() {
        return content.tensors();
    }

    /** A tensor of a given type, finite throughout. */
    Tensor finite(String name, DType dtype) throws MalformedFileException {
        Tensor tensor = tensor(name, dtype);
        if (!tensor.isFinite()) {
            throw fault("tensor '" + name + "' holds NaN or infinity");
        }
        return tensor;
    }

    /** A tensor of a given type and shape, finite throughout. */
    Tensor finite(String name, DType dtype, List<Integer> shape) throws MalformedFileException {
        Tensor tensor = finite(name, dtype);
        if (!tensor.shape().equals(shape)) {
            throw fault(
                    "tensor '" + name + "' has the shape " + tensor.shape() + " where the metadata ask for " + shape);
        }
        return tensor;
    }

    /** A tensor of a given type. */
    Tensor tensor(String name, DType dtype) throws MalformedFileException {
        Tensor tensor = content.tensors().get(name);
        if (tensor == null) {
            throw fault("tensor '" + name + "' is missing");
        }
        if (tensor.dtype() != dtype) {
            throw fault("tensor '" + name + "' is of type " + tensor.dtype() + ", not " + dtype);
        }
        return tensor;
    }

    /** A tensor that is to be written; a model that is not finite is never stored. */
    static void putFinite(Map<String, Tensor> tensors, String name, Tensor tensor) {
        if (!tensor.isFinite()) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' holds NaN or infinity and is not written; keep the last file that was good");
        }
        tensors.put(name, tensor);
    }
}
