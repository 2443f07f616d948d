package io.github.slicedscore.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The content of a safetensors file: named tensors and a map of strings. Immutable.
 *
 * <p>Layout: the length of the header as 8 bytes, little-endian; the header, a JSON object of
 * {@code {"NAME": {"dtype", "shape", "data_offsets": [begin, end]}, ..., "__metadata__": {...}}}, padded with spaces to a
 * multiple of 8; then the data, which the offsets tile without gap or overlap. Equal contents are written as equal bytes:
 * metadata by name, tensors by falling element size (which keeps them aligned) and then by name.
 *
 * <p>Reading trusts nothing: every length is checked against the file before memory is allocated for it.
 *
 * @param metadata strings by name
 * @param tensors tensors by name
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
    /** The reference implementation's limit. */
    private static final long MAX_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final String COPY_AGAIN = "the copy is incomplete or damaged, so fetch or write it again";
    private static final String WRITE_AGAIN = "write the file again with a safetensors library";

    /** Copies the maps, in order of name. */
    public SafeTensors {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        tensors = Collections.unmodifiableMap(new TreeMap<>(tensors));
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("no tensor can be called " + METADATA);
        }
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its content
     * @throws MalformedFileException if it is not a safetensors file, is cut short, or holds other types than {@link DType}
     * @throws IOException if it cannot be read
     */
    public static SafeTensors read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file; check the path");
        }
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a directory; give the name of a file in it");
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString(), null, "the file may not be read; change its rights");
        }
        return Uninterrupted.call(() -> {
            try (FileChannel data = FileChannel.open(file, StandardOpenOption.READ)) {
                return read(file, data);
            }
        });
    }

    private static SafeTensors read(Path file, FileChannel data) throws IOException {
        long size = data.size();
        if (size < 8) {
            throw new MalformedFileException(file, "a safetensors file has at least 8 bytes, not " + size, COPY_AGAIN);
        }
        long length = ByteBuffer.wrap(Bytes.read(data, 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 0 || length > MAX_HEADER) {
            throw new MalformedFileException(
                    file,
                    "its first 8 bytes announce a header of " + Long.toUnsignedString(length)
                            + " bytes, beyond the limit of " + MAX_HEADER,
                    "it is no safetensors file, so check the path");
        }
        if (length > size - 8) {
            throw new MalformedFileException(
                    file,
                    "it announces a header of " + length + " bytes, but has only " + size + " in all",
                    COPY_AGAIN);
        }
        byte[] header = Bytes.read(data, (int) length);
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = entries(file, header, metadata);
        checkTiling(file, entries, size - 8 - length);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            tensors.put(entry.name, new Tensor(entry.dtype, entry.shape, Bytes.read(data, (int)
                    (entry.end - entry.begin))));
        }
        return new SafeTensors(metadata, tensors);
    }

    private record Entry(String name, DType dtype, List<Integer> shape, long begin, long end) {}

    /** The header's entries in the order of their data; the strings go into {@code metadata}. */
    private static List<Entry> entries(Path file, byte[] header, Map<String, String> metadata) throws IOException {
        Object parsed;
        try {
            if (header.length == 0 || header[0] != '{') {
                throw new MalformedFileException(
                        file, "its header does not begin with '{'", "it is no safetensors file, so check the path");
            }
            parsed = Json.parse(header);
        } catch (Json.SyntaxException e) {
            throw new MalformedFileException(file, "its header cannot be read: " + e.getMessage(), WRITE_AGAIN);
        }
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<?, ?> member : ((Map<?, ?>) parsed).entrySet()) {
            String name = (String) member.getKey();
            if (!(member.getValue() instanceof Map<?, ?> value)) {
                throw new MalformedFileException(file, "the header's entry '" + name + "' is no object", WRITE_AGAIN);
            }
            if (!name.equals(METADATA)) {
                entries.add(entry(file, name, value));
                continue;
            }
            for (Map.Entry<?, ?> pair : value.entrySet()) {
                if (!(pair.getValue() instanceof String string)) {
                    throw new MalformedFileException(
                            file, "the metadata '" + pair.getKey() + "' is no string", WRITE_AGAIN);
                }
                metadata.put((String) pair.getKey(), string);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private static Entry entry(Path file, String name, Map<?, ?> value) throws MalformedFileException {
        String tensor = "tensor '" + name + "'";
        if (value.size() != 3
                || !(value.get("dtype") instanceof String type)
                || !(value.get("shape") instanceof List<?> extents)
                || !(value.get("data_offsets") instanceof List<?> offsets)) {
            throw new MalformedFileException(
                    file, tensor + " is not described by dtype, shape and data_offsets", WRITE_AGAIN);
        }
        DType dtype = null;
        for (DType known : DType.values()) {
            dtype = known.name().equals(type) ? known : dtype;
        }
        if (dtype == null) {
            throw new MalformedFileException(
                    file,
                    tensor + " is of type " + type,
                    "F32, F64, F16, BF16 and I64 can be read, so convert it to one of them");
        }
        List<Integer> shape = new ArrayList<>();
        long bytes = dtype.bytes();
        for (Object extent : extents) {
            if (!(extent instanceof Long n) || n < 0 || n > Integer.MAX_VALUE) {
                throw new MalformedFileException(
                        file,
                        tensor + " has the shape " + extents + ", not whole numbers from 0 to 2^31 - 1",
                        WRITE_AGAIN);
            }
            shape.add(n.intValue());
            try {
                bytes = Math.multiplyExact(bytes, n);
            } catch (ArithmeticException e) {
                throw new MalformedFileException(
                        file, tensor + " of shape " + extents + " has more than 2^63 bytes", WRITE_AGAIN);
            }
        }
        if (offsets.size() != 2
                || !(offsets.get(0) instanceof Long begin)
                || !(offsets.get(1) instanceof Long end)
                || begin < 0
                || end < begin) {
            throw new MalformedFileException(
                    file, tensor + " has the data_offsets " + offsets + ", not a begin and an end", WRITE_AGAIN);
        }
        if (end - begin != bytes) {
            throw new MalformedFileException(
                    file,
                    "%s of type %s and shape %s needs %d bytes, but its data_offsets %s span %d"
                            .formatted(tensor, dtype, extents, bytes, offsets, end - begin),
                    WRITE_AGAIN);
        }
        return new Entry(name, dtype, shape, begin, end);
    }

    private static void checkTiling(Path file, List<Entry> entries, long size) throws MalformedFileException {
        long position = 0;
        for (Entry entry : entries) {
            if (entry.begin != position) {
                throw new MalformedFileException(
                        file,
                        "tensor '%s' begins at byte %d of the data, where %d was due: the tensors %s"
                                .formatted(
                                        entry.name,
                                        entry.begin,
                                        position,
                                        entry.begin < position ? "overlap" : "leave a gap"),
                        WRITE_AGAIN);
            }
            position = entry.end;
        }
        if (position != size) {
            throw new MalformedFileException(
                    file,
                    "its header announces " + position + " bytes of data, but " + size + " are there",
                    COPY_AGAIN);
        }
        for (Entry entry : entries) {
            if (entry.end - entry.begin > Tensor.MAX_BYTES) {
                throw new MalformedFileException(
                        file,
                        "tensor '" + entry.name + "' has " + (entry.end - entry.begin) + " bytes",
                        "tensors of up to " + Tensor.MAX_BYTES + " bytes can be read, so split it");
            }
        }
    }

    /**
     * CRC-32C of all names, strings, types, shapes and numbers, in order of name. It finds every damage to up to 32 bits in a row,
     * and another one but for one in 2^32.
     */
    int checksum() {
        CRC32C sum = new CRC32C();
        metadata.forEach((name, value) -> {
            update(sum, name);
            update(sum, value);
        });
        tensors.forEach((name, tensor) -> {
            update(sum, name);
            update(sum, tensor.dtype() + " " + tensor.shape());
            sum.update(tensor.bytes());
        });
        return (int) sum.getValue();
    }

    /** Its length, too, so that no two texts together are two others. */
    private static void update(CRC32C sum, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        sum.update(bytes);
    }

    /**
     * Writes or replaces a file: all of it, or nothing.
     *
     * @param file where to
     * @throws IOException naming the file; what stood there before is untouched
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, this::writeTo);
    }

    private void writeTo(FileChannel out) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        // The entries come by name, and the sort is stable.
        ordered.sort(Comparator.comparing(entry -> -entry.getValue().dtype().bytes()));
        List<String> members = new ArrayList<>();
        List<String> strings = new ArrayList<>();
        metadata.forEach((name, value) -> strings.add(Json.quote(name) + ":" + Json.quote(value)));
        members.add(Json.quote(METADATA) + ":{" + String.join(",", strings) + "}");
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : ordered) {
            Tensor tensor = entry.getValue();
            long end = offset + tensor.bytes().length;
            String shape = tensor.shape().toString().replace(" ", "");
            members.add(Json.quote(entry.getKey()) + ":{\"dtype\":\"" + tensor.dtype() + "\",\"shape\":" + shape
                    + ",\"data_offsets\":[" + offset + "," + end + "]}");
            offset = end;
        }
        byte[] header = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
        int padding = -header.length & 7;
        ByteBuffer head =
                ByteBuffer.allocate(Long.BYTES + header.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(header.length + padding)
                .put(header)
                .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        Bytes.write(out, head.array());
        for (Map.Entry<String, Tensor> entry : ordered) {
            Bytes.write(out, entry.getValue().bytes());
        }
    }
}
