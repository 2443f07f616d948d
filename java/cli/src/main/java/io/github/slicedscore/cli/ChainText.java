package io.github.slicedscore.cli;

import io.github.slicedscore.sample.Adaptation;
import io.github.slicedscore.sample.ChainDiagnostics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What chains say about the samples that they drew. */
final class ChainText {
    private ChainText() {}

    /**
     * One line of figures, then a line for each warning. Of samplers that give every sample a chain of its own, warnings alone:
     * how well one chain mixes does not judge samples that are independent.
     */
    static List<String> lines(String method, ChainDiagnostics diagnostics) {
        List<String> lines = new ArrayList<>();
        diagnostics.adaptation().ifPresent(adaptation -> lines.add(figures(method, diagnostics, adaptation)));
        diagnostics.warnings().forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    private static String figures(String method, ChainDiagnostics diagnostics, Adaptation adaptation) {
        StringBuilder text = new StringBuilder(method)
                .append(": ")
                .append(diagnostics.chains())
                .append(" chains of ")
                .append(diagnostics.draws())
                .append(" draws")
                .append(String.format(
                        Locale.ROOT,
                        " after a warm-up of %d; accepted %.2f, aimed at %.2f, by steps of %.3g",
                        adaptation.warmUp(),
                        adaptation.acceptance(),
                        adaptation.target(),
                        adaptation.step()));
        diagnostics
                .largestRHat()
                .ifPresent(value -> text.append(String.format(Locale.ROOT, "; R-hat at most %.3f", value)));
        diagnostics
                .smallestEffectiveSize()
                .ifPresent(value -> text.append(String.format(Locale.ROOT, "; worth at least %.0f draws", value)));
        return text.toString();
    }
}
