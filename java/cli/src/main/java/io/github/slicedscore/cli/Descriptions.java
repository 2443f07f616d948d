package io.github.slicedscore.cli;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values in words. */
final class Descriptions {
    private Descriptions() {}

    /** For example: energy network 11-128-128-1, softplus, Gaussian base of 3.0 deviations. */
    static String network(Architecture architecture) {
        if (architecture instanceof Mlp mlp) {
            return perceptron(mlp);
        } else if (architecture instanceof DeepKernelEnergy energy) {
            return "deep kernel energy of %d kernels at %d points, features %s, %s, Gaussian base of %s deviations"
                    .formatted(
                            energy.kernels(),
                            energy.inducing(),
                            joined(energy.widths()),
                            activation(energy),
                            energy.base());
        } else if (architecture instanceof Nice nice) {
            String second = nice.dimension() % 2 == 1 && nice.couplings() > 1 ? " and " + joined(nice.widths(1)) : "";
            return "NICE flow of %d couplings, %s%s, %s, %s prior"
                    .formatted(
                            nice.couplings(),
                            joined(nice.widths(0)),
                            second,
                            activation(nice),
                            nice.prior().id());
        }
        return architecture.toString();
    }

    private static String activation(Architecture architecture) {
        return architecture.hidden().isEmpty()
                ? "affine"
                : architecture.activation().id();
    }

    private static String joined(int[] widths) {
        return Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining("-"));
    }

    private static String perceptron(Mlp architecture) {
        StringBuilder text = new StringBuilder(architecture.kind())
                .append(" network ")
                .append(joined(architecture.widths()))
                .append(", ")
                .append(activation(architecture));
        if (architecture.options().residual()) {
            text.append(", residual layers");
        }
        architecture.options().fourier().ifPresent(fourier -> text.append(", sees ")
                .append(fourier.count())
                .append(" waves of frequencies of ")
                .append(fourier.scale()));
        if (architecture instanceof EnergyMlp energy && energy.base() > 0) {
            text.append(", Gaussian base of ").append(energy.base()).append(" deviations");
        }
        architecture.noiseLevels().ifPresent(levels -> text.append(", knows ").append(levels(levels)));
        return text.toString();
    }

    /** For example: log-density up to a constant, score. */
    static String gives(Architecture architecture) {
        return (architecture instanceof Nice
                        ? "log-density, score"
                        : architecture.isEnergy() ? "log-density up to a constant, score" : "score, no densities")
                + architecture
                        .noiseLevels()
                        .map(levels -> ", at noise of " + levels.smallest())
                        .orElse("");
    }

    /** For example: 16 noise levels from 5.0 to 0.05. */
    static String levels(NoiseLevels levels) {
        return levels.count() + " noise levels from " + levels.largest() + " to " + levels.smallest();
    }

    /**
     * What a training minimised.
     *
     * @param settings those of the model's provenance
     * @param architecture of the model
     */
    static String objective(Map<String, String> settings, Architecture architecture) {
        String id = settings.getOrDefault("objective", "unknown");
        String name =
                switch (id) {
                    case "ssm" -> "sliced score matching";
                    case "ssm-vr" -> "sliced score matching with variance reduction";
                    case "exact" -> "score matching with the exact trace";
                    case "dsm" -> "denoising score matching";
                    case "fd-ssm" -> "sliced score matching by differences";
                    case "mle" -> "maximum likelihood";
                    case "multi-dsm" -> "denoising score matching at several noise levels";
                    case "multi-ssm-vr" -> "sliced score matching with variance reduction at several noise levels";
                    case "fisher" -> "Fisher divergence from a known score";
                    case "sliced-fisher" -> "sliced Fisher divergence from a known score";
                    default -> "an objective of its own";
                };
        StringBuilder text = new StringBuilder(id).append(": ").append(name);
        String slices = settings.get("slices");
        if (slices != null) {
            text.append(", ").append(slices).append(slices.equals("1") ? " slice" : " slices");
        }
        if (settings.containsKey("projection")) {
            text.append(" (").append(settings.get("projection")).append(')');
        }
        for (String setting : List.of("sigma", "epsilon")) {
            if (settings.containsKey(setting)) {
                text.append(", ").append(setting).append(' ').append(settings.get(setting));
            }
        }
        architecture.noiseLevels().ifPresent(levels -> text.append(", ").append(levels(levels)));
        return text.toString();
    }
}
