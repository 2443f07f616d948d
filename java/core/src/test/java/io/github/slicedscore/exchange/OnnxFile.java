package io.github.slicedscore.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in a ModelProto, read without any library of ONNX. A file that the package onnx wrote pins its field numbers.
 *
 * @param irVersion of the format
 * @param opset of the operators
 * @param producer name and version
 * @param metadata strings by name
 * @param nodes in order
 * @param constants initializers by name
 * @param inputs names and shapes, for example {@code rows[N, 3]}
 * @param outputs names and shapes
 */
record OnnxFile(
        long irVersion,
        long opset,
        String producer,
        Map<String, String> metadata,
        List<Node> nodes,
        Map<String, OnnxArray> constants,
        List<String> inputs,
        List<String> outputs) {

    /** A node with attributes that are whole numbers. */
    record Node(String operator, List<String> inputs, String output, Map<String, Long> attributes) {}

    static OnnxFile parse(byte[] bytes) {
        Message model = new Message(bytes);
        Message graph = model.message(7);
        Map<String, String> metadata = new TreeMap<>();
        model.messages(14).forEach(entry -> metadata.put(entry.text(1), entry.text(2)));
        Map<String, OnnxArray> constants = new HashMap<>();
        graph.messages(5).forEach(tensor -> constants.put(tensor.text(8), tensor(tensor)));
        return new OnnxFile(
                model.integer(1),
                model.message(8).integer(2),
                model.text(2) + " " + model.text(3),
                metadata,
                graph.messages(1).stream().map(OnnxFile::node).toList(),
                constants,
                graph.messages(11).stream().map(OnnxFile::value).toList(),
                graph.messages(12).stream().map(OnnxFile::value).toList());
    }

    private static Node node(Message node) {
        Map<String, Long> attributes = new HashMap<>();
        for (Message attribute : node.messages(5)) {
            if (attribute.integer(20) != 2) {
                throw new AssertionError("attribute " + attribute.text(1) + " is no whole number");
            }
            attributes.put(attribute.text(1), attribute.integer(3));
        }
        return new Node(node.text(4), node.texts(1), node.text(2), attributes);
    }

    private static OnnxArray tensor(Message tensor) {
        int[] shape = tensor.integers(1).stream().mapToInt(Long::intValue).toArray();
        OnnxArray.Element type = OnnxArray.Element.of(tensor.integer(2));
        ByteBuffer data = ByteBuffer.wrap(tensor.bytes(9)).order(ByteOrder.LITTLE_ENDIAN);
        List<Double> values = new ArrayList<>();
        while (data.hasRemaining()) {
            values.add(
                    switch (type) {
                        case FLOAT -> (double) data.getFloat();
                        case DOUBLE -> data.getDouble();
                        case INT64 -> (double) data.getLong();
                        case BOOL -> throw new AssertionError("a constant truth value");
                    });
        }
        return new OnnxArray(
                type, shape, values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static String value(Message value) {
        Message tensor = value.message(2).message(1);
        List<String> extents = new ArrayList<>();
        for (Message shape : tensor.messages(2)) {
            for (Message extent : shape.messages(1)) {
                extents.add(extent.fields.containsKey(1) ? Long.toString(extent.integer(1)) : extent.text(2));
            }
        }
        return OnnxArray.Element.of(tensor.integer(1)) + " " + value.text(1) + extents;
    }

    /** The fields of a message by number: whole numbers and bytes. */
    private static final class Message {
        final Map<Integer, List<Object>> fields = new TreeMap<>();

        Message(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            while (in.hasRemaining()) {
                long key = varint(in);
                Object value;
                if ((key & 7) == 0) {
                    value = varint(in);
                } else if ((key & 7) == 2) {
                    byte[] content = new byte[(int) varint(in)];
                    in.get(content);
                    value = content;
                } else {
                    throw new AssertionError("wire type " + (key & 7));
                }
                fields.computeIfAbsent((int) (key >>> 3), number -> new ArrayList<>())
                        .add(value);
            }
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private List<Object> all(int field) {
            return fields.getOrDefault(field, List.of());
        }

        private Object one(int field) {
            List<Object> values = all(field);
            if (values.size() != 1) {
                throw new AssertionError(values.size() + " values of field " + field + " among " + fields.keySet());
            }
            return values.get(0);
        }

        long integer(int field) {
            return (Long) one(field);
        }

        /** Repeated, or packed into bytes. */
        List<Long> integers(int field) {
            List<Long> values = new ArrayList<>();
            for (Object value : all(field)) {
                if (value instanceof byte[] packed) {
                    ByteBuffer in = ByteBuffer.wrap(packed);
                    while (in.hasRemaining()) {
                        values.add(varint(in));
                    }
                } else {
                    values.add((Long) value);
                }
            }
            return values;
        }

        byte[] bytes(int field) {
            return (byte[]) one(field);
        }

        String text(int field) {
            return new String(all(field).isEmpty() ? new byte[0] : bytes(field), UTF_8);
        }

        List<String> texts(int field) {
            return all(field).stream()
                    .map(value -> new String((byte[]) value, UTF_8))
                    .toList();
        }

        Message message(int field) {
            return new Message(bytes(field));
        }

        List<Message> messages(int field) {
            return all(field).stream().map(value -> new Message((byte[]) value)).toList();
        }
    }
}
