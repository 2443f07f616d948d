package io.github.slicedscore.cli;

import io.github.slicedscore.train.TrainingConfig.DeepKernels;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From {@code COUNT:FEATURES:POINTS}, the value of {@code --kernels}. */
final class KernelsOption implements ITypeConverter<DeepKernels> {
    @Override
    public DeepKernels convert(String text) {
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 3) {
                DeepKernels kernels = new DeepKernels(
                        Integer.parseInt(parts[1]), Integer.parseInt(parts[0]), Integer.parseInt(parts[2]));
                if (kernels.features() > 0 && kernels.count() > 0 && kernels.inducing() > 0) {
                    return kernels;
                }
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text
                + "' is not COUNT:FEATURES:POINTS, three whole numbers from 1 to 2147483647, such as 3:30:200");
    }
}
