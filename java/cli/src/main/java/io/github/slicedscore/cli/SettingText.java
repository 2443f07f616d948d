package io.github.slicedscore.cli;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a training as model files hold them: texts, some of which are those of Java's records, as {@code Adam[beta1=0.9,
 * beta2=0.999]}.
 */
final class SettingText {
    private static final Pattern RECORD = Pattern.compile("(\\w+)\\[((?:\\w+=[^,\\]]*(?:, )?)+)]");

    private static final String TYPE = "type";

    private SettingText() {}

    /** For people, as in "Adam, beta1 0.9, beta2 0.999"; without the record's name where that of the setting says it. */
    static String words(String name, String setting) {
        return record(setting)
                .map(record -> record.entrySet().stream()
                        .filter(part -> !part.getKey().equals(TYPE))
                        .map(part -> part.getKey().replace('_', ' ') + " "
                                + String.valueOf(part.getValue()).toLowerCase(Locale.ROOT))
                        .collect(joining(", ", prefix(name, String.valueOf(record.get(TYPE))), "")))
                .orElse(setting.isEmpty() ? "-" : setting);
    }

    private static String prefix(String name, String type) {
        return snakeCase(type).startsWith(name) ? "" : type + ", ";
    }

    /** For JSON: an object of a record, its name as "type"; of other texts the number, truth value, null or text that they are. */
    static @Nullable Object value(String setting) {
        Optional<Map<String, @Nullable Object>> record = record(setting);
        return record.isPresent() ? record.get() : scalar(setting);
    }

    private static Optional<Map<String, @Nullable Object>> record(String setting) {
        Matcher matcher = RECORD.matcher(setting);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put(TYPE, matcher.group(1));
        Arrays.stream(matcher.group(2).split(", ")).forEach(part -> {
            int equals = part.indexOf('=');
            parts.put(snakeCase(part.substring(0, equals)), scalar(part.substring(equals + 1)));
        });
        return Optional.of(parts);
    }

    private static @Nullable Object scalar(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            // Perhaps one with a point.
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
