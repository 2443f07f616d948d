package io.github.slicedscore.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The head of a file that {@code numpy.save} wrote, versions 1 to 3: a magic number, the length of a text, and the text, a Python
 * dictionary of the type, order and shape of the array.
 *
 * <h2>References</h2>
 * <ol>
 * <li>NumPy Enhancement Proposal 1: a simple file format for NumPy arrays; numpy.lib.format, for versions 2 and 3.</li>
 * </ol>
 */
final class NpyHeader {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** More than the head of any matrix takes. */
    private static final int LONGEST = 1 << 16;

    private static final Map<String, NumberType> TYPES = Map.ofEntries(
            Map.entry("f4", NumberType.FLOAT32),
            Map.entry("f8", NumberType.FLOAT64),
            Map.entry("b1", NumberType.UINT8),
            Map.entry("i1", NumberType.INT8),
            Map.entry("u1", NumberType.UINT8),
            Map.entry("i2", NumberType.INT16),
            Map.entry("u2", NumberType.UINT16),
            Map.entry("i4", NumberType.INT32),
            Map.entry("u4", NumberType.UINT32),
            Map.entry("i8", NumberType.INT64),
            Map.entry("u8", NumberType.UINT64));

    private static final Pattern ENTRY = Pattern.compile(
            "\\G\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([\\d\\s,L]*\\)|\\[.*\\])\\s*(,|(?=}))", Pattern.DOTALL);

    /** A tuple of one number or two, few enough digits for a long; NumPy for Python 2 wrote an L behind them. */
    private static final Pattern SHAPE =
            Pattern.compile("\\(\\s*(\\d{1,18})L?\\s*,\\s*(?:(\\d{1,18})L?\\s*,?\\s*)?\\)");

    private static final Pattern DESCRIPTION = Pattern.compile("([<>|=])(\\w+)");

    private NpyHeader() {}

    /** Reads the head. */
    static MatrixLayout read(HeaderBytes bytes) throws IOException {
        ByteBuffer start = bytes.next(MAGIC.length + 2, ByteOrder.LITTLE_ENDIAN);
        int version = start.get(MAGIC.length);
        if (version < 1 || version > 3) {
            throw bytes.fault("its version is " + version + ", not 1, 2 or 3", "save it with another release of NumPy");
        }
        int length = version == 1
                ? Short.toUnsignedInt(
                        bytes.next(Short.BYTES, ByteOrder.LITTLE_ENDIAN).getShort())
                : bytes.next(Integer.BYTES, ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 0 || length > LONGEST) {
            throw bytes.fault(
                    "its head is said to be " + Integer.toUnsignedString(length) + " bytes long, more than the "
                            + LONGEST + " that any matrix takes",
                    "save it again");
        }
        byte[] text = bytes.next(length, ByteOrder.LITTLE_ENDIAN).array();
        return layout(bytes, entries(bytes, new String(text, StandardCharsets.UTF_8)));
    }

    private static Map<String, String> entries(HeaderBytes bytes, String text) throws MalformedDataException {
        String body = text.strip();
        Map<String, String> entries = new HashMap<>();
        if (body.startsWith("{") && body.endsWith("}")) {
            Matcher entry = ENTRY.matcher(body).region(1, body.length());
            int end = 1;
            while (entry.find()) {
                entries.put(entry.group(1), entry.group(2));
                end = entry.end();
            }
            if (body.substring(end).strip().equals("}")
                    && entries.keySet().containsAll(List.of("descr", "fortran_order", "shape"))) {
                return entries;
            }
        }
        throw bytes.fault(
                "its head says '" + CsvField.sample(body) + "', not its type, order and shape", "save it again");
    }

    private static MatrixLayout layout(HeaderBytes bytes, Map<String, String> entries) throws MalformedDataException {
        String description = entries.getOrDefault("descr", "");
        Matcher parts = DESCRIPTION.matcher(description.replace("'", ""));
        NumberType type = parts.matches() ? TYPES.get(parts.group(2)) : null;
        if (type == null) {
            throw bytes.fault(
                    "its numbers are of the type " + CsvField.sample(description)
                            + ", not floats of 32 or 64 bits or whole numbers",
                    "save array.astype('float32')");
        }
        ByteOrder order =
                switch (parts.group(1)) {
                    case ">" -> ByteOrder.BIG_ENDIAN;
                    case "=" -> ByteOrder.nativeOrder();
                    default -> ByteOrder.LITTLE_ENDIAN;
                };
        List<Long> shape = shape(bytes, entries.getOrDefault("shape", ""));
        long width = shape.size() == 2 ? shape.get(1) : 1;
        int columns = BinaryTable.requireSize(bytes, shape.get(0), width);
        return new MatrixLayout(
                BinaryTable.numbered(columns),
                Math.toIntExact(shape.get(0)),
                type,
                order,
                entries.getOrDefault("fortran_order", "").equals("True"),
                bytes.count());
    }

    private static List<Long> shape(HeaderBytes bytes, String tuple) throws MalformedDataException {
        Matcher extents = SHAPE.matcher(tuple);
        if (!extents.matches()) {
            throw bytes.fault(
                    "its shape is " + CsvField.sample(tuple) + ", not that of a matrix",
                    "save array.reshape(len(array), -1)");
        }
        return Stream.of(extents.group(1), extents.group(2))
                .filter(Objects::nonNull)
                .map(Long::valueOf)
                .toList();
    }
}
