package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --hidden}. */
record HiddenLayers(List<Integer> widths) {
    /** From {@code 128,128} or {@code none}. */
    static final class Converter implements ITypeConverter<HiddenLayers> {
        @Override
        public HiddenLayers convert(String text) {
            List<Integer> widths = new ArrayList<>();
            if (!text.equals("none")) {
                for (String width : text.split(",", -1)) {
                    widths.add(width(width, text));
                }
            }
            return new HiddenLayers(List.copyOf(widths));
        }

        private static int width(String width, String text) {
            try {
                int value = Integer.parseInt(width.strip());
                if (value > 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + text
                    + "' is not a list of widths of at least 1 such as 128,128, or the word none for no hidden layers");
        }
    }
}
