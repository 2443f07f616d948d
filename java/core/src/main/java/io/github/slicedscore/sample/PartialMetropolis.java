package io.github.slicedscore.sample;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The Metropolis-adjusted Langevin algorithm on some columns of each chain. Chains come in groups of the same row, with the same
 * columns that walk: every chain has a step of its own, every group scales of its own, since what a row leaves open may be
 * wide or narrow.
 *
 * <p>The warm-up adapts the steps for a half; in its second quarter it takes the deviations of each group's states, which become
 * the scales; then it adapts the steps anew.
 */
final class PartialMetropolis implements PartialChains {
    /** States of a group below which their deviations are no scales. */
    private static final int FEWEST_STATES = 20;

    private final Density density;
    private final Chains chains;
    private final int group;
    private final long seed;
    private final double[] scales;
    private final double[] steps;
    private HamiltonianTransition kernel;
    private long transition;
    private double acceptance;
    private long accounted;

    /**
     * Chains at their starting points.
     *
     * @param starts [chains, D] row-major
     * @param walks whether a column of a chain walks, [chains, D]
     * @param group chains of a row, which stand next to each other
     */
    PartialMetropolis(Density density, double[] starts, boolean[] walks, int group, long seed) {
        int count = starts.length / density.dimension();
        this.density = density;
        this.group = group;
        this.seed = seed;
        chains = new Chains(density, starts, count);
        steps = new double[count];
        scales = new double[starts.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = walks[i] ? 1 : 0;
        }
        kernel = HamiltonianTransition.ofChains(count, density.dimension(), scales, seed);
    }

    @Override
    public double[] points() {
        return chains.points();
    }

    @Override
    public int states(int draws) {
        return draws;
    }

    @Override
    public boolean mixes() {
        return true;
    }

    @Override
    public OptionalDouble acceptance() {
        return accounted == 0 ? OptionalDouble.empty() : OptionalDouble.of(acceptance / accounted);
    }

    @Override
    public void warmUp(int transitions) {
        int quarter = transitions / 4;
        DualAveraging[] averagings = averagings();
        adapt(averagings, quarter);
        double[] sums = new double[scales.length / group];
        double[] squares = new double[sums.length];
        for (int t = 0; t < quarter; t++) {
            adapt(averagings, 1);
            add(sums, squares);
        }
        rescale(sums, squares, quarter * group);
        averagings = averagings();
        adapt(averagings, transitions - 2 * quarter);
        for (int chain = 0; chain < steps.length; chain++) {
            steps[chain] = averagings[chain].average();
        }
    }

    @Override
    public void advance(int transitions) {
        for (int t = 0; t < transitions; t++) {
            acceptance += kernel.move(density, chains, steps, 1, transition++);
            accounted++;
        }
    }

    private DualAveraging[] averagings() {
        DualAveraging[] averagings = new DualAveraging[steps.length];
        Arrays.setAll(averagings, chain -> new DualAveraging(0.5, Mala.TARGET));
        return averagings;
    }

    private void adapt(DualAveraging[] averagings, int transitions) {
        for (int t = 0; t < transitions; t++) {
            for (int chain = 0; chain < steps.length; chain++) {
                steps[chain] = averagings[chain].step();
            }
            kernel.move(density, chains, steps, 1, transition++);
            for (int chain = 0; chain < steps.length; chain++) {
                averagings[chain].update(kernel.acceptances()[chain]);
            }
        }
    }

    private void add(double[] sums, double[] squares) {
        for (int i = 0; i < scales.length; i++) {
            int at = cell(i);
            double value = chains.points()[i];
            sums[at] += value;
            squares[at] += value * value;
        }
    }

    private void rescale(double[] sums, double[] squares, int states) {
        if (states < FEWEST_STATES) {
            return;
        }
        for (int i = 0; i < scales.length; i++) {
            double mean = sums[cell(i)] / states;
            double variance = squares[cell(i)] / states - mean * mean;
            if (scales[i] > 0 && variance > 0 && variance < Double.POSITIVE_INFINITY) {
                scales[i] = Math.sqrt(variance);
            }
        }
        kernel = HamiltonianTransition.ofChains(steps.length, density.dimension(), scales, seed);
    }

    /** Where the group and the column of a chain's number stand in [groups, D]. */
    private int cell(int index) {
        int dimension = density.dimension();
        return index / dimension / group * dimension + index % dimension;
    }
}
