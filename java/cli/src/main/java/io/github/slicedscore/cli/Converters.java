package io.github.slicedscore.cli;

import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.data.MissingValues;
import io.github.slicedscore.data.ToySampler;
import io.github.slicedscore.data.ToySamplers;
import io.github.slicedscore.eval.AnomalyStatistic;
import io.github.slicedscore.exchange.OnnxOptions;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.train.ModelKind;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the text of an option to its value; what they refuse, picocli reports with the option's name. */
final class Converters {
    private Converters() {}

    /** A whole number of at least 1. */
    static final class Count implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return whole(text, 1, Long.MAX_VALUE);
        }
    }

    /** A whole number of at least 1 that fits an int. */
    static final class SmallCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) whole(text, 1, Integer.MAX_VALUE);
        }
    }

    /** A whole number of at least 0 that fits an int. */
    static final class CountOrZero implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) whole(text, 0, Integer.MAX_VALUE);
        }
    }

    /** A positive finite number. */
    static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return number(text, "a positive number", value -> value > 0);
        }
    }

    /** A finite number that is not negative. */
    static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return number(text, "a number of at least 0", value -> value >= 0);
        }
    }

    /** At least 0 and below 1. */
    static final class Fraction implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return number(text, "a number of at least 0 and below 1", value -> value >= 0 && value < 1);
        }
    }

    /** One character, or the word tab. */
    static final class Delimiter implements ITypeConverter<Character> {
        @Override
        public Character convert(String text) {
            if (text.equals("tab") || text.equals("\\t")) {
                return '\t';
            }
            if (text.length() != 1) {
                throw new TypeConversionException("'" + text + "' is not one character such as ';', or the word tab");
            }
            return text.charAt(0);
        }
    }

    /**
     * One of a few names; as an {@link Iterable}, those that completion offers. The values are asked for when they are needed: help
     * makes every converter and uses none.
     */
    abstract static class Choice<T> implements ITypeConverter<T>, Iterable<String> {
        private final Supplier<List<T>> values;
        private final Function<T, String> name;

        Choice(Supplier<List<T>> values, Function<T, String> name) {
            this.values = values;
            this.name = name;
        }

        @Override
        public T convert(String text) {
            return values.get().stream()
                    .filter(value -> name.apply(value).equals(text))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + text + "' is none of " + String.join(", ", this)));
        }

        @Override
        public Iterator<String> iterator() {
            return values.get().stream().map(name).iterator();
        }
    }

    /** What to do with missing values. */
    static final class Missing extends Choice<MissingValues> {
        Missing() {
            super(() -> List.of(MissingValues.values()), value -> value == MissingValues.DROP ? "drop" : "error");
        }
    }

    /** The kind of a network that is trained. */
    static final class Kind extends Choice<ModelKind> {
        Kind() {
            super(() -> List.of(ModelKind.values()), ModelKind::id);
        }
    }

    /** The kind of a perceptron. */
    static final class PerceptronKind extends Choice<ModelKind> {
        PerceptronKind() {
            super(
                    () -> Stream.of(ModelKind.values())
                            .filter(ModelKind::isPerceptron)
                            .toList(),
                    ModelKind::id);
        }
    }

    /** What a flow maps to. */
    static final class PriorName extends Choice<Nice.Prior> {
        PriorName() {
            super(() -> List.of(Nice.Prior.values()), Nice.Prior::id);
        }
    }

    /** A nonlinearity. */
    static final class ActivationName extends Choice<Activation> {
        ActivationName() {
            super(() -> List.of(Activation.values()), Activation::id);
        }
    }

    /** How exactly matrices are multiplied. */
    static final class PrecisionName extends Choice<Precision> {
        PrecisionName() {
            super(() -> List.of(Precision.values()), Precision::id);
        }
    }

    /** What follows if a device fails. */
    static final class OnDeviceFailure extends Choice<String> {
        OnDeviceFailure() {
            super(() -> List.of("stop", "cpu"), Function.identity());
        }
    }

    /** The distribution of slices. */
    static final class ProjectionName extends Choice<Projection> {
        ProjectionName() {
            super(() -> List.of(Projection.values()), Projection::id);
        }
    }

    /** The name of an objective. */
    static final class ObjectiveName extends Choice<String> {
        ObjectiveName() {
            super(() -> ObjectiveOptions.NAMES, Function.identity());
        }
    }

    /** The name of a way to draw samples. */
    static final class MethodName extends Choice<String> {
        MethodName() {
            super(() -> SamplerOptions.NAMES, Function.identity());
        }
    }

    /** A format that models are exported in. */
    static final class FormatName extends Choice<String> {
        FormatName() {
            super(() -> List.of("onnx", "torch"), Function.identity());
        }
    }

    /** What an ONNX graph gives. */
    static final class GraphOutput extends Choice<OnnxOptions.Output> {
        GraphOutput() {
            super(() -> List.of(OnnxOptions.Output.values()), value -> switch (value) {
                case ALL -> "both";
                case SCORE -> "score";
                case LOG_DENSITY -> "log_density";
            });
        }
    }

    /** By what anomalies are told. */
    static final class StatisticName extends Choice<AnomalyStatistic> {
        StatisticName() {
            super(() -> List.of(AnomalyStatistic.values()), AnomalyStatistic::id);
        }
    }

    /** A toy distribution by its name. */
    static final class Toy extends Choice<ToySampler> {
        Toy() {
            super(() -> ToySamplers.names().stream().map(ToySamplers::of).toList(), ToySampler::id);
        }
    }

    /** When to print in colour. */
    static final class Color extends Choice<ColorMode> {
        Color() {
            super(() -> List.of(ColorMode.values()), ColorMode::id);
        }
    }

    /** A shell that commands can be completed in. */
    static final class Shell extends Choice<String> {
        Shell() {
            super(() -> List.of("bash", "zsh", "fish"), Function.identity());
        }
    }

    /** Noise levels as LARGEST:SMALLEST:COUNT. */
    static final class Levels implements ITypeConverter<NoiseLevels> {
        @Override
        public NoiseLevels convert(String text) {
            String[] parts = text.split(":", -1);
            try {
                if (parts.length == 3) {
                    return new NoiseLevels(
                            Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Integer.parseInt(parts[2]));
                }
            } catch (NumberFormatException e) {
                // Said below.
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "': " + e.getMessage());
            }
            throw new TypeConversionException("'" + text
                    + "' is not LARGEST:SMALLEST:COUNT, two deviations and a number of levels, such as 5:0.05:12");
        }
    }

    private static long whole(String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text + "' is not a whole number of at least " + least
                + (most == Integer.MAX_VALUE ? " and below 2^31" : ""));
    }

    private interface Range {
        boolean contains(double value);
    }

    private static double number(String text, String what, Range range) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value) && range.contains(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text + "' is not " + what);
    }
}
