package io.github.slicedscore.cli;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Values in words. */
final class Descriptions {
    private Descriptions() {}

    /** For example: energy network 11-128-128-1, softplus, Gaussian base of 3.0 deviations. */
    static String network(Architecture architecture) {
        String widths =
                Arrays.stream(architecture.widths()).mapToObj(Integer::toString).collect(Collectors.joining("-"));
        String base = architecture instanceof EnergyMlp energy && energy.base() > 0
                ? ", Gaussian base of " + energy.base() + " deviations"
                : "";
        return (architecture instanceof EnergyMlp ? "energy" : "score") + " network " + widths
                + (architecture.hidden().isEmpty()
                        ? ", affine"
                        : ", " + architecture.activation().id())
                + base;
    }
}
