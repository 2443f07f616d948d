package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtobufTest {
    /** The first three are examples of the encoding's own documentation. */
    @Test
    void theEncodingIsTheDocumented() {
        assertThat(hex(new Protobuf().integer(1, 150))).isEqualTo("089601");
        assertThat(hex(new Protobuf().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new Protobuf().message(3, new Protobuf().integer(1, 150))))
                .isEqualTo("1a03089601");
        assertThat(hex(new Protobuf().integer(1, 0).integer(1, 127).integer(1, 128)))
                .isEqualTo("0800087f088001");
        assertThat(hex(new Protobuf().integer(20, -1))).isEqualTo("a001ffffffffffffffffff01");
        assertThat(hex(new Protobuf().bytes(9, new byte[300])))
                .startsWith("4aac0200")
                .hasSize(2 * 303);
        assertThat(hex(new Protobuf().text(4, "\u00e9"))).isEqualTo("2202c3a9");
        assertThat(hex(new Protobuf().integer(1, 1).append(new Protobuf().integer(2, 2))))
                .isEqualTo("08011002");
    }

    private static String hex(Protobuf message) {
        return HexFormat.of().formatHex(message.toBytes());
    }
}
