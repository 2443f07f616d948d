package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Fills in missing values: draws those columns of a row that are missing given those that are there, by Markov chains on the
 * model's density of whole rows, of which the known columns stand still.
 *
 * <pre>x_missing ~ p(x_missing | x_known) = p(x_missing, x_known) / constant,      score s_missing(x_missing, x_known)</pre>
 *
 * <p>A value's estimate is the mean over its draws, which has the least squared error; its spread is their deviation. Both are
 * the model's, so of noised rows if it was trained on these, and right as far as values are missing at random given those
 * that are there.
 *
 * <p>Energies are walked on by the Metropolis-adjusted Langevin algorithm ({@link Mala}), with a step for each chain and scales for
 * each row; score networks by Langevin dynamics without rejections, with a bias of its steps, whatever their lengths. With noise
 * levels every chain is annealed once through them in its warm-up, and gives one draw.
 *
 * <p>Cost: (warmUp + draws thinning) evaluations at {@code chains} rows for each row that lacks a value.
 *
 * <h2>References</h2>
 * <ol>
 * <li>D. Rubin. Multiple imputation for nonresponse in surveys. 1987: several draws for each value, and when they are right.</li>
 * <li>J. Besag. Discussion of Grenander and Miller. JRSS B 1994: the chain.</li>
 * </ol>
 *
 * @param chains chains of each row, at least 2
 * @param warmUp transitions before the first draw, at least 20
 * @param draws states kept of each chain, at least 4, and with those of all chains at most 2^20
 * @param thinning transitions from one draw to the next, at least 1
 */
public record Imputer(int chains, int warmUp, int draws, int thinning) {
    private static final int SHORTEST_WARM_UP = 20;

    /** Draws of a value, which bounds the memory, too. */
    private static final int MOST_DRAWS = 1 << 20;

    /** Chains at once, which bounds the memory. */
    private static final int CHUNK = 4096;

    /** R-hat above which the chains of a cell are said not to have mixed. */
    private static final double LARGE_R_HAT = 1.1;

    /** Correlation of the last states with the first above which chains are said to remember. */
    private static final double LARGE_MEMORY = 0.1;

    /** The share of cells that may exceed it by chance. */
    private static final double CHANCE = 0.02;

    private static final String MEND =
            "the model does not fall off far from the data; train an energy with a Gaussian base, or with more noise";

    /** Checks the ranges. */
    public Imputer {
        if (chains < 2) {
            throw new IllegalArgumentException("a spread takes at least two chains, not " + chains);
        }
        if (warmUp < SHORTEST_WARM_UP) {
            throw new IllegalArgumentException("the warm-up finds the steps, which takes at least " + SHORTEST_WARM_UP
                    + " transitions, not " + warmUp);
        }
        if (draws < SplitChains.FEWEST_DRAWS) {
            throw new IllegalArgumentException(
                    "R-hat takes at least " + SplitChains.FEWEST_DRAWS + " draws of each chain, not " + draws);
        }
        if ((long) chains * draws > MOST_DRAWS) {
            throw new IllegalArgumentException(chains + " chains of " + draws + " draws give each value "
                    + (long) chains * draws + ", and at most " + MOST_DRAWS + " are held; take fewer");
        }
        if (thinning < 1) {
            throw new IllegalArgumentException(
                    "draws are at least one transition apart, so thinning is at least 1, not " + thinning);
        }
    }

    /**
     * Settings that suit a model of standardised data.
     *
     * @return 8 chains a row, a warm-up of 200, and 20 draws 10 transitions apart
     */
    public static Imputer standard() {
        return new Imputer(8, 200, 20, 10);
    }

    /**
     * Values for all that are missing.
     *
     * @param model the model, of either kind
     * @param rows [x, c], [count, D + C] row-major, in the units of the data; NaN where a value is missing, which conditions can't
     *     be
     * @param count number of rows
     * @param kept draws kept for each cell, at most {@code chains} times {@code draws}, or {@code chains} with noise levels
     * @param seed key of all random numbers; the same seed gives the same values
     * @return a cell for each missing value
     * @throws IllegalArgumentException if the array is too short, a condition is missing, a value is infinite, or more draws are
     *     to be kept than there are
     * @throws SamplingException if chains run away
     */
    public Imputation impute(ScoreModel model, double[] rows, int count, int kept, long seed) {
        int dimension = model.columns().size();
        int width = dimension + model.conditions().size();
        check(model, rows, count, width, kept);
        int[] incomplete = incomplete(rows, count, width);
        List<ImputedCell> cells = new ArrayList<>();
        List<Double> rHats = new ArrayList<>();
        double acceptance = 0;
        int accounted = 0;
        int still = 0;
        double memory = 0;
        long ends = 0;
        int most = Math.max(1, CHUNK / chains);
        for (int from = 0; from < incomplete.length; from += most) {
            int[] chunk = Arrays.copyOfRange(incomplete, from, Math.min(incomplete.length, from + most));
            // Another key for each chunk, or chains of one number would share their noise.
            Walk walk = new Walk(model, rows, chunk, width, seed + from / most);
            walk.run(kept, cells, rHats);
            if (walk.chains.acceptance().isPresent()) {
                acceptance += walk.chains.acceptance().getAsDouble() * chunk.length;
                accounted += chunk.length;
            }
            still += walk.still;
            memory += walk.memory;
            ends += walk.ends;
        }
        return new Imputation(
                cells,
                accounted == 0 ? OptionalDouble.empty() : OptionalDouble.of(acceptance / accounted),
                rHats.stream().mapToDouble(value -> value).max(),
                warnings(rHats, still, ends == 0 ? 0 : memory / ends, ends));
    }

    private static List<String> warnings(List<Double> rHats, int still, double memory, long ends) {
        List<String> warnings = new ArrayList<>();
        if (still > 0) {
            warnings.add(still + " values were never moved by any chain: their rows are where the model is no density");
        }
        if (memory > Math.max(LARGE_MEMORY, 4 / Math.sqrt((double) ends))) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "draws remember where their chains began (correlation %.2f); take a longer warm-up",
                    memory));
        }
        long apart = rHats.stream().filter(value -> value > LARGE_R_HAT).count();
        if (apart > CHANCE * rHats.size()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "R-hat is above %s for %d of %d values: their chains have not mixed; take a longer warm-up, and draws"
                            + " further apart",
                    LARGE_R_HAT,
                    apart,
                    rHats.size()));
        }
        return warnings;
    }

    private void check(ScoreModel model, double[] rows, int count, int width, int kept) {
        if (count < 0 || rows.length < (long) count * width) {
            throw new IllegalArgumentException(count + " rows of " + width + " numbers are " + (long) count * width
                    + " numbers, but the array has " + rows.length);
        }
        int most = model.noiseLevels().isPresent() ? chains : chains * draws;
        if (kept < 0 || kept > most) {
            throw new IllegalArgumentException(
                    "of each value there are " + most + " draws, so " + kept + " can't be kept; take more chains");
        }
        int dimension = model.columns().size();
        for (int i = 0; i < count * width; i++) {
            int column = i % width;
            if (Double.isInfinite(rows[i]) || (column >= dimension && Double.isNaN(rows[i]))) {
                String name = column < dimension
                        ? "column '" + model.columns().get(column)
                        : "condition '" + model.conditions().get(column - dimension);
                throw new IllegalArgumentException("row " + i / width + " (counted from 0), " + name + "' is " + rows[i]
                        + ", but only modelled columns may be missing, and none infinite");
            }
        }
    }

    private static int[] incomplete(double[] rows, int count, int width) {
        int[] incomplete = new int[count];
        int found = 0;
        for (int row = 0; row < count; row++) {
            boolean lacks = false;
            for (int i = row * width; i < (row + 1) * width; i++) {
                lacks |= Double.isNaN(rows[i]);
            }
            if (lacks) {
                incomplete[found++] = row;
            }
        }
        return Arrays.copyOf(incomplete, found);
    }

    /** The chains of some rows. */
    private final class Walk {
        private final ScoreModel model;
        private final int[] rows;
        private final int width;
        private final boolean[] walks;
        private final PartialChains chains;
        private final double[] first;
        private int still;

        /** Sum over all ends of chains, of each the product of start and end, both in deviations of their cell. */
        private double memory;

        private long ends;

        Walk(ScoreModel model, double[] table, int[] rows, int width, long seed) {
            this.model = model;
            this.rows = rows;
            this.width = width;
            int count = rows.length * Imputer.this.chains;
            double[] starts = new double[Math.multiplyExact(count, width)];
            walks = new boolean[starts.length];
            Philox philox = new Philox();
            float[] normals = new float[width];
            for (int chain = 0; chain < count; chain++) {
                philox.normals(seed, chain, RandomStream.SAMPLER, 0, 0, normals, 0, width);
                for (int i = 0; i < width; i++) {
                    double value = table[rows[chain / Imputer.this.chains] * width + i];
                    walks[chain * width + i] = Double.isNaN(value);
                    starts[chain * width + i] = Double.isNaN(value)
                            ? normals[i]
                            : model.standardizer().standardize(i, value);
                }
            }
            first = starts.clone();
            JointDensity density = new JointDensity(model);
            chains = model.hasDensity() && model.noiseLevels().isEmpty()
                    ? new PartialMetropolis(density, starts, walks, Imputer.this.chains, seed)
                    : new PartialLangevin(density, model.noiseLevels(), starts, walks, seed);
        }

        void run(int kept, List<ImputedCell> cells, List<Double> rHats) {
            chains.warmUp(warmUp);
            int states = chains.states(draws);
            // Of each column that walks: [states, chains of the row].
            double[][] traces = new double[rows.length * width][];
            for (int state = 0; state < states; state++) {
                chains.advance(thinning);
                record(traces, state, states);
            }
            for (int i = 0; i < traces.length; i++) {
                if (traces[i] != null) {
                    cells.add(cell(rows[i / width], i % width, traces[i], kept));
                    remember(i, traces[i]);
                    if (chains.mixes()) {
                        OptionalDouble rHat = SplitChains.of(new Trace(traces[i], states, Imputer.this.chains, 1), 0)
                                .rHat();
                        still += rHat.isPresent() ? 0 : 1;
                        rHat.ifPresent(rHats::add);
                    }
                }
            }
        }

        /** Takes account of where the chains of a cell began and ended. */
        private void remember(int cell, double[] trace) {
            int group = Imputer.this.chains;
            double[] starts = new double[group];
            for (int chain = 0; chain < group; chain++) {
                starts[chain] = first[(cell / width * group + chain) * width + cell % width];
            }
            double[] last = Arrays.copyOfRange(trace, trace.length - group, trace.length);
            standardize(starts);
            standardize(last);
            for (int chain = 0; chain < group; chain++) {
                memory += starts[chain] * last[chain];
            }
            ends += group;
        }

        private void record(double[][] traces, int state, int states) {
            int group = Imputer.this.chains;
            double[] points = chains.points();
            for (int i = 0; i < points.length; i++) {
                if (walks[i]) {
                    int chain = i / width;
                    int at = chain / group * width + i % width;
                    if (traces[at] == null) {
                        traces[at] = new double[states * group];
                    }
                    traces[at][state * group + chain % group] = points[i];
                }
            }
        }

        private static void standardize(double[] values) {
            double mean = Arrays.stream(values).average().orElse(0);
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            double deviation = Math.sqrt(squares / values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = deviation > 0 ? (values[i] - mean) / deviation : 0;
            }
        }

        private ImputedCell cell(int row, int column, double[] trace, int kept) {
            double sum = 0;
            for (double value : trace) {
                if (!(Math.abs(value) < StandardUnits.ESCAPED)) {
                    throw new SamplingException("row " + row + " (counted from 0), column '"
                            + model.columns().get(column) + "': a chain ran away from the data: " + MEND);
                }
                sum += value;
            }
            double mean = sum / trace.length;
            double squares = 0;
            for (double value : trace) {
                squares += (value - mean) * (value - mean);
            }
            Standardizer units = model.standardizer();
            List<Double> last = new ArrayList<>();
            for (int k = 0; k < kept; k++) {
                last.add(units.restore(column, trace[trace.length - 1 - k]));
            }
            return new ImputedCell(
                    row,
                    column,
                    units.restore(column, mean),
                    units.deviations()[column] * Math.sqrt(squares / (trace.length - 1)),
                    last);
        }
    }
}
