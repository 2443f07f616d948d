package io.github.slicedscore.cli;

import io.github.slicedscore.model.FourierFeatures;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value of {@code --fourier}.
 *
 * @param count waves
 * @param scale standard deviation of their frequencies, in radians per standard deviation of the data
 */
record FourierOption(int count, double scale) {
    FourierFeatures features(long seed) {
        return new FourierFeatures(count, scale, seed);
    }

    /** From {@code COUNT:SCALE}. */
    static final class Converter implements ITypeConverter<FourierOption> {
        @Override
        public FourierOption convert(String text) {
            String[] parts = text.split(":", -1);
            try {
                if (parts.length == 2) {
                    FourierOption option = new FourierOption(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]));
                    option.features(0);
                    return option;
                }
            } catch (NumberFormatException e) {
                // Said below.
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "': " + e.getMessage());
            }
            throw new TypeConversionException("'" + text
                    + "' is not COUNT:SCALE, a number of waves and the deviation of their frequencies, such as 32:2");
        }
    }
}
