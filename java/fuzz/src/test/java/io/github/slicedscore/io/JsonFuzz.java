package io.github.slicedscore.io;

import static java.util.stream.Collectors.joining;

import io.github.slicedscore.fuzz.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** JSON is refused, or is the same after it was written and read again; and so is every string. */
public final class JsonFuzz {
    private JsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Json.SyntaxException {
        String text = new String(input, StandardCharsets.UTF_8);
        Hostile.requireEqual(Json.parse(Json.quote(text)), text);
        Object value;
        try {
            value = Json.parse(input);
        } catch (Json.SyntaxException e) {
            return;
        }
        String written = text(value);
        Hostile.requireEqual(Json.parse(written.getBytes(StandardCharsets.UTF_8)), value);
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> Json.quote((String) entry.getKey()) + ":" + text(entry.getValue()))
                    .collect(joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonFuzz::text).collect(joining(",", "[", "]"));
        }
        return value instanceof String string ? Json.quote(string) : value.toString();
    }

    public static List<byte[]> seeds() {
        return List.of(
                bytes("{\"a\": [1, -2.5e3, true, false], \"b\": {\"\\u00e9\\n\": \"x\\\"\\ud83d\\ude00\"}} "),
                bytes("[]"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
