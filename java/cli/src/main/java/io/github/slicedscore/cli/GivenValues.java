package io.github.slicedscore.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of columns in an option: NAME=VALUE, separated by commas, a name that holds a comma or = in double quotes. */
record GivenValues(Map<String, Double> values) {
    /** From {@code a=1,"b, in m"=-2.5}. */
    static final class Converter implements ITypeConverter<GivenValues> {
        @Override
        public GivenValues convert(String text) {
            Map<String, Double> values = new LinkedHashMap<>();
            StringBuilder part = new StringBuilder();
            int equals = -1;
            boolean quoted = false;
            // A comma after the end closes the last part.
            for (char c : (text + ",").toCharArray()) {
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == ',' && !quoted) {
                    add(values, part.toString(), equals, text);
                    part.setLength(0);
                    equals = -1;
                } else {
                    equals = c == '=' && !quoted && equals < 0 ? part.length() : equals;
                    part.append(c);
                }
            }
            if (quoted) {
                throw new TypeConversionException("'" + text + "' opens a double quote that is not closed");
            }
            return new GivenValues(values);
        }

        private static void add(Map<String, Double> values, String part, int equals, String text) {
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            if (name.isEmpty()) {
                throw new TypeConversionException("'" + text + "' is not NAME=VALUE, or several separated by commas");
            }
            String number = part.substring(equals + 1).strip();
            double value = number(name, number);
            if (values.containsKey(name)) {
                throw new TypeConversionException("'" + text + "' gives '" + name
                        + "' twice; give each condition one value, or many in a table with" + " --given-file");
            }
            values.put(name, value);
        }

        private static double number(String name, String text) {
            try {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + name + "=" + text + "': that is no finite number");
        }
    }
}
