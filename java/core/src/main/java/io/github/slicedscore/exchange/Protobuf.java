package io.github.slicedscore.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message of Protocol Buffers: fields, each a key (number and wire type) and a value. Repeated fields are added once
 * for each of their values. The reader's schema gives the numbers their names.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">The encoding</a>
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a field of type int32, int64 or enum. */
    Protobuf integer(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    /** Adds a field of type string. */
    Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a field that is a message itself. */
    Protobuf message(int field, Protobuf value) {
        return bytes(field, value.toBytes());
    }

    /** Adds a field of type bytes. */
    Protobuf bytes(int field, byte[] value) {
        key(field, LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** Adds all fields of another message. */
    Protobuf append(Protobuf fields) {
        out.writeBytes(fields.toBytes());
        return this;
    }

    private void key(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    /** Seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** All fields, in the order in which they were added. */
    byte[] toBytes() {
        return out.toByteArray();
    }
}
