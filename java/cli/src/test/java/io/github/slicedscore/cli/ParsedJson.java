package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads JSON as strictly as RFC 8259 has it, and finds values by their path. */
final class ParsedJson {
    private static final Pattern TOKEN = Pattern.compile(
            "[ \n\r\t]*([\\[\\]{},:]|true|false|null|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
                    + "|\"(?:[^\"\\\\\u0000-\u001f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*\")");

    private final Matcher tokens;
    private String token = "";

    private ParsedJson(String text) {
        tokens = TOKEN.matcher(text);
        next();
    }

    /** The value at names and indices, from the outermost. */
    static @Nullable Object at(String text, Object... path) {
        ParsedJson parser = new ParsedJson(text);
        Object value = parser.value();
        if (!parser.token.isEmpty()) {
            throw new AssertionError("more after the end: " + parser.token);
        }
        for (Object step : path) {
            if (step instanceof Integer index) {
                value = ((List<?>) value).get(index);
            } else {
                Map<?, ?> map = (Map<?, ?>) value;
                if (!map.containsKey(step)) {
                    throw new AssertionError("no " + step + " in " + map.keySet());
                }
                value = map.get(step);
            }
        }
        return value;
    }

    static double number(String text, Object... path) {
        return (Double) at(text, path);
    }

    private String next() {
        String current = token;
        if (tokens.lookingAt()) {
            token = tokens.group(1);
            tokens.region(tokens.end(), tokens.regionEnd());
        } else {
            tokens.usePattern(Pattern.compile("\\s*\\z"));
            if (!tokens.lookingAt()) {
                throw new AssertionError("no JSON at " + tokens.regionStart() + ", after " + current);
            }
            token = "";
        }
        return current;
    }

    private @Nullable Object value() {
        String first = next();
        switch (first) {
            case "{" -> {
                Map<String, @Nullable Object> map = new HashMap<>();
                while (!token.equals("}")) {
                    String name = next();
                    expect(":");
                    map.put(name.substring(1, name.length() - 1), value());
                    separator("}");
                }
                next();
                return map;
            }
            case "[" -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (!token.equals("]")) {
                    list.add(value());
                    separator("]");
                }
                next();
                return list;
            }
            case "true", "false" -> {
                return first.equals("true");
            }
            case "null" -> {
                return null;
            }
            default -> {
                return first.startsWith("\"") ? first.substring(1, first.length() - 1) : Double.valueOf(first);
            }
        }
    }

    private void separator(String end) {
        if (!token.equals(end)) {
            expect(",");
            if (token.equals(end)) {
                throw new AssertionError("a comma before " + end);
            }
        }
    }

    private void expect(String wanted) {
        if (!next().equals(wanted)) {
            throw new AssertionError("no " + wanted + " before " + token);
        }
    }
}
