package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Column names in an option: separated by commas, a name that holds a comma in double quotes. */
record Names(List<String> values) {
    static final Names NONE = new Names(List.of());

    /** From {@code a,"b, in m",c}. */
    static final class Converter implements ITypeConverter<Names> {
        @Override
        public Names convert(String text) {
            List<String> names = new ArrayList<>();
            StringBuilder name = new StringBuilder();
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == ',' && !quoted) {
                    add(names, name, text);
                } else {
                    name.append(c);
                }
            }
            if (quoted) {
                throw new TypeConversionException("'" + text + "' opens a double quote that is not closed");
            }
            add(names, name, text);
            return new Names(List.copyOf(names));
        }

        private static void add(List<String> names, StringBuilder name, String text) {
            String stripped = name.toString().strip();
            if (stripped.isEmpty()) {
                throw new TypeConversionException(
                        "'" + text + "' has an empty name; separate names of columns by single commas");
            }
            if (names.contains(stripped)) {
                throw new TypeConversionException(
                        "'" + text + "' names '" + stripped + "' twice; name each column once");
            }
            names.add(stripped);
            name.setLength(0);
        }
    }
}
