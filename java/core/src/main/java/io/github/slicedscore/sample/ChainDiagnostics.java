package io.github.slicedscore.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether chains have mixed: what tells usable draws from others. The warnings say it in words; none is a good sign, but no
 * proof: chains that all miss the same mode agree.
 *
 * <p>Warned of, {@link Langevin} apart, are R-hat above 1.05; an effective size below 400 and a tenth of the draws; acceptance more than 0.1 from its
 * target; chains that never moved; and too few draws to tell.
 *
 * @param chains number of chains looked at
 * @param draws states of each chain looked at
 * @param columns R-hat and effective size of each column
 * @param adaptation step and acceptance; empty for samplers that accept everything
 * @param warnings what speaks against using the draws, each a sentence
 */
public record ChainDiagnostics(
        int chains, int draws, List<ColumnMixing> columns, Optional<Adaptation> adaptation, List<String> warnings) {
    /** R-hat above which chains are said not to have mixed; of some dozen draws a chain, chance alone makes 1.01. */
    private static final double LARGEST_R_HAT = 1.05;

    private static final int SMALL_SIZE = 400;
    private static final double ACCEPTANCE_TOLERANCE = 0.1;

    /** Copies the lists. */
    public ChainDiagnostics {
        columns = List.copyOf(columns);
        warnings = List.copyOf(warnings);
    }

    /**
     * The diagnostics of a trace, without an adaptation.
     *
     * @param trace the draws
     * @param names of its columns
     * @return the diagnostics
     */
    public static ChainDiagnostics of(Trace trace, List<String> names) {
        List<ColumnMixing> columns = mixing(trace, names);
        return new ChainDiagnostics(
                trace.chains(), trace.draws(), columns, Optional.empty(), mixingWarnings(trace, columns));
    }

    /** The diagnostics of a Metropolis sampler, so many of whose chains never moved. */
    static ChainDiagnostics of(Trace trace, List<String> names, Adaptation adaptation, int stuck) {
        List<ColumnMixing> columns = mixing(trace, names);
        List<String> warnings = new ArrayList<>();
        if (stuck > 0) {
            warnings.add(stuck + " of " + trace.chains()
                    + " chains never moved since half the warm-up: leave their draws out, or start elsewhere");
        }
        if (Math.abs(adaptation.acceptance() - adaptation.target()) > ACCEPTANCE_TOLERANCE) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "proposals were accepted with probability %.2f, not %.2f: the step did not settle; take a longer"
                            + " warm-up than %d",
                    adaptation.acceptance(),
                    adaptation.target(),
                    adaptation.warmUp()));
        }
        warnings.addAll(mixingWarnings(trace, columns));
        return new ChainDiagnostics(trace.chains(), trace.draws(), columns, Optional.of(adaptation), warnings);
    }

    /**
     * The largest R-hat of all columns.
     *
     * @return at least about 1; empty if no column has one
     */
    public OptionalDouble largestRHat() {
        return columns.stream()
                .map(ColumnMixing::rHat)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
    }

    /**
     * The smallest effective sample size of all columns.
     *
     * @return positive; empty if no column has one
     */
    public OptionalDouble smallestEffectiveSize() {
        return columns.stream()
                .map(ColumnMixing::effectiveSize)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }

    private static List<ColumnMixing> mixing(Trace trace, List<String> names) {
        if (names.size() != trace.dimension()) {
            throw new IllegalArgumentException(
                    "the trace has " + trace.dimension() + " columns, but the names are " + names);
        }
        List<ColumnMixing> columns = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            if (trace.draws() < SplitChains.FEWEST_DRAWS) {
                columns.add(new ColumnMixing(names.get(column), OptionalDouble.empty(), OptionalDouble.empty()));
            } else {
                SplitChains chains = SplitChains.of(trace, column);
                columns.add(new ColumnMixing(names.get(column), chains.rHat(), chains.effectiveSize()));
            }
        }
        return columns;
    }

    private static List<String> mixingWarnings(Trace trace, List<ColumnMixing> columns) {
        if (trace.draws() < SplitChains.FEWEST_DRAWS) {
            return List.of(trace.draws() + " draws of a chain are too few to tell whether it has mixed; R-hat takes at"
                    + " least " + SplitChains.FEWEST_DRAWS);
        }
        List<String> warnings = new ArrayList<>();
        double states = (double) trace.draws() * trace.chains();
        long apart = 0;
        ColumnMixing worst = columns.get(0);
        ColumnMixing scarcest = columns.get(0);
        for (ColumnMixing column : columns) {
            if (column.rHat().isEmpty()) {
                warnings.add("no chain moved in column '" + column.column() + "'");
            }
            apart += rHat(column) > LARGEST_R_HAT ? 1 : 0;
            worst = rHat(column) > rHat(worst) ? column : worst;
            scarcest = size(column) < size(scarcest) ? column : scarcest;
        }
        if (apart > 0) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "R-hat is %.2f for column '%s' (above %s for %d of %d columns): the chains have not mixed, so the"
                            + " draws remember where their chains began, and modes may have wrong shares",
                    rHat(worst),
                    worst.column(),
                    LARGEST_R_HAT,
                    apart,
                    columns.size()));
        }
        if (size(scarcest) < Math.min(SMALL_SIZE, states / 10)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%.0f draws are worth %.0f independent ones for the mean of column '%s': take longer chains, or"
                            + " draws further apart",
                    states,
                    size(scarcest),
                    scarcest.column()));
        }
        return warnings;
    }

    private static double rHat(ColumnMixing column) {
        return column.rHat().orElse(1);
    }

    private static double size(ColumnMixing column) {
        return column.effectiveSize().orElse(Double.POSITIVE_INFINITY);
    }
}
