package io.github.slicedscore.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Strict JSON (RFC 8259) for headers and metadata. Values are {@code Map<String, Object>} in file order,
 * {@code List<Object>}, String, Long, Double and Boolean.
 *
 * <p>Stricter than the RFC where files from strangers could mean two things or cost too much: no key twice, no unpaired
 * surrogates, no numbers beyond 64 bits, no null, and at most {@value #MAX_DEPTH} levels.
 */
final class Json {
    static final int MAX_DEPTH = 16;

    /** Text that is not strict JSON; the message says where and why, and the caller adds the file. */
    static final class SyntaxException extends IOException {
        private static final long serialVersionUID = 1;

        private SyntaxException(String message) {
            super(message);
        }
    }

    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    /** Parses UTF-8 bytes that hold one value and white space. */
    static Object parse(byte[] utf8) throws SyntaxException {
        try {
            return parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new SyntaxException("it is not valid UTF-8");
        }
    }

    /** Parses text that holds one value and white space. */
    static Object parse(String text) throws SyntaxException {
        Json parser = new Json(text);
        Object value = parser.value(1);
        parser.skipSpace();
        if (parser.position < text.length()) {
            throw parser.fault("there is more after the end of the value");
        }
        return value;
    }

    private Object value(int depth) throws SyntaxException {
        if (depth > MAX_DEPTH) {
            throw fault("values are nested deeper than " + MAX_DEPTH + " levels");
        }
        skipSpace();
        char first = peek();
        return switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) throws SyntaxException {
        Map<String, Object> members = new LinkedHashMap<>();
        position++;
        skipSpace();
        if (peek() == '}') {
            position++;
            return members;
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw fault("a key in quotation marks should stand here");
            }
            String key = string();
            skipSpace();
            expect(':');
            if (members.put(key, value(depth + 1)) != null) {
                throw fault("the key '" + key + "' stands twice in one object");
            }
            skipSpace();
            if (peek() == '}') {
                position++;
                return members;
            }
            expect(',');
        }
    }

    private List<Object> array(int depth) throws SyntaxException {
        List<Object> elements = new ArrayList<>();
        position++;
        skipSpace();
        if (peek() == ']') {
            position++;
            return elements;
        }
        while (true) {
            elements.add(value(depth + 1));
            skipSpace();
            if (peek() == ']') {
                position++;
                return elements;
            }
            expect(',');
        }
    }

    private String string() throws SyntaxException {
        StringBuilder result = new StringBuilder();
        position++;
        while (true) {
            char c = next();
            if (c == '"') {
                break;
            }
            if (c < ' ') {
                throw fault("a control character stands unescaped in a string");
            }
            result.append(c == '\\' ? escaped() : c);
        }
        String string = result.toString();
        if (!isWellFormed(string)) {
            throw fault("a string holds half of a surrogate pair");
        }
        return string;
    }

    private char escaped() throws SyntaxException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char digit = next();
                    int value = digit < 128 ? Character.digit(digit, 16) : -1;
                    if (value < 0) {
                        throw fault("\\u needs four hexadecimal digits");
                    }
                    code = 16 * code + value;
                }
                yield (char) code;
            }
            default -> throw fault("there is no escape \\" + c);
        };
    }

    private Object literal(String word, Object meaning) throws SyntaxException {
        if (!text.startsWith(word, position)) {
            throw fault("a value should stand here");
        }
        position += word.length();
        return meaning;
    }

    private Number number() throws SyntaxException {
        int start = position;
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else {
            digits();
        }
        boolean integer = true;
        if (position < text.length() && text.charAt(position) == '.') {
            integer = false;
            position++;
            digits();
        }
        if (position < text.length() && (text.charAt(position) | 0x20) == 'e') {
            integer = false;
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            digits();
        }
        String digits = text.substring(start, position);
        try {
            if (integer) {
                return Long.valueOf(digits);
            }
        } catch (NumberFormatException e) {
            throw fault("the number does not fit into 64 bits");
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw fault("the number does not fit into 64 bits");
        }
        return value;
    }

    private void digits() throws SyntaxException {
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        if (position == start) {
            throw fault("a value should stand here");
        }
    }

    private void skipSpace() {
        while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private char peek() throws SyntaxException {
        if (position == text.length()) {
            throw fault("the text ends in the middle of a value");
        }
        return text.charAt(position);
    }

    private char next() throws SyntaxException {
        char c = peek();
        position++;
        return c;
    }

    private void expect(char wanted) throws SyntaxException {
        if (peek() != wanted) {
            throw fault("a '" + wanted + "' should stand here");
        }
        position++;
    }

    private SyntaxException fault(String what) {
        return new SyntaxException("at character " + (position + 1) + " of the JSON text, " + what);
    }

    /** A string in quotation marks; all but quotation marks, backslashes and control characters stand for themselves. */
    static String quote(String string) {
        if (!isWellFormed(string)) {
            throw new IllegalArgumentException("half of a surrogate pair cannot be written as UTF-8");
        }
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** An array of strings. */
    static String quote(List<String> strings) {
        return "[" + String.join(",", strings.stream().map(Json::quote).toList()) + "]";
    }

    private static boolean isWellFormed(String string) {
        return string.codePoints().noneMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
    }
}
