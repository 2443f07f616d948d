package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chains of Hamiltonian transitions with a warm-up that finds step and scales, both of them shared by all chains.
 *
 * <p>{@link DualAveraging} adapts the step, in three phases of the warm-up:
 * <ol>
 * <li>a quarter, to the lowest acceptance of all chains: a chain that begins in a steep tail would stand still there for ever
 *     with a step that suits the others;
 * <li>a quarter, to the mean acceptance; then the scales become the deviations of all chains' states in it;
 * <li>half, to the mean acceptance with these scales.
 * </ol>
 * After the warm-up nothing changes any more, so that p is invariant.
 *
 * @param chains number of chains
 * @param warmUp transitions of the warm-up
 * @param thinning transitions from one draw to the next
 * @param leapfrogs leapfrog steps of a transition
 * @param jitter the step of each chain in each transition is the adapted one times a number uniform on 1 - jitter .. 1 + jitter
 * @param target acceptance to adapt to
 */
record AdaptiveChains(int chains, int warmUp, int thinning, int leapfrogs, double jitter, double target) {
    /** Below this the step can't settle. */
    private static final int SHORTEST_WARM_UP = 20;

    /** States below which their deviations are no scales. */
    private static final int FEWEST_STATES = 20;

    /** Draws a chain that a model's samples are the last of: what R-hat takes to say something. */
    private static final int FEWEST_DRAWS = 8;

    private static final String MEND =
            "the energy does not fall off far from the data, so it is no density; train one with"
                    + " a Gaussian base, or with more noise";

    AdaptiveChains {
        if (chains < 1) {
            throw new IllegalArgumentException("at least one chain, not " + chains);
        }
        if (warmUp < SHORTEST_WARM_UP) {
            throw new IllegalArgumentException("the warm-up finds the step, which takes at least " + SHORTEST_WARM_UP
                    + " transitions, not " + warmUp);
        }
        if (thinning < 1) {
            throw new IllegalArgumentException(
                    "draws are at least one transition apart, so thinning is at least 1, not " + thinning);
        }
        if (leapfrogs < 1) {
            throw new IllegalArgumentException("a trajectory has at least one leapfrog step, not " + leapfrogs);
        }
    }

    /** Chains on a density, whose columns are called x1, x2, ... */
    ChainRun run(Density density, double[] starts, int draws, long seed) {
        List<String> names = IntStream.rangeClosed(1, density.dimension())
                .mapToObj(i -> "x" + i)
                .toList();
        return run(density, starts, draws, seed, names);
    }

    /** Samples of an energy: the last states of chains on it. */
    Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        StandardUnits.requireCount(count);
        Density density = Density.standardized(model, conditions);
        double[] starts = StandardUnits.starts(chains, density.dimension(), 1, seed);
        int draws = Math.max(FEWEST_DRAWS, (count + chains - 1) / chains);
        ChainRun run = run(density, starts, draws, seed, model.columns());
        double[] points = run.trace().last(count);
        return new Samples(StandardUnits.restore(model, points, count, MEND), Optional.of(run.diagnostics()));
    }

    private ChainRun run(Density density, double[] starts, int draws, long seed, List<String> names) {
        if (draws < 1) {
            throw new IllegalArgumentException("at least one draw of each chain, not " + draws);
        }
        Chains states = new Chains(density, starts, chains);
        requireFinite(states);
        return new Run(density, states, seed).run(draws, names);
    }

    private static void requireFinite(Chains states) {
        int outside = 0;
        for (int chain = 0; chain < states.count(); chain++) {
            boolean finite = Double.isFinite(states.logDensities()[chain]);
            for (int i = 0; i < states.dimension(); i++) {
                finite &= Double.isFinite(states.scores()[chain * states.dimension() + i]);
            }
            outside += finite ? 0 : 1;
        }
        if (outside > 0) {
            throw new SamplingException(outside + " of " + states.count()
                    + " chains start where log-density or score is no finite number; start them where there are data");
        }
    }

    /** One run's state. */
    private final class Run {
        private final Density density;
        private final Chains states;
        private final long seed;
        private final int dimension;
        private final double[] steps = new double[chains];
        private final boolean[] everMoved = new boolean[chains];
        private final Philox philox = new Philox();
        private final double[] scales;
        private HamiltonianTransition kernel;
        private int transition;

        Run(Density density, Chains states, long seed) {
            this.density = density;
            this.states = states;
            this.seed = seed;
            dimension = density.dimension();
            scales = new double[dimension];
            Arrays.fill(scales, 1);
            kernel = new HamiltonianTransition(chains, scales, seed);
        }

        ChainRun run(int draws, List<String> names) {
            ColumnMoments moments = new ColumnMoments(dimension);
            DualAveraging averaging = new DualAveraging(1, target);
            double warmUpAcceptance = 0;
            while (transition < warmUp / 4) {
                warmUpAcceptance += move(averaging.step());
                averaging.update(Arrays.stream(kernel.acceptances()).min().orElseThrow());
            }
            averaging = new DualAveraging(1, target);
            while (transition < warmUp / 2) {
                warmUpAcceptance += adapt(averaging);
                moments.add(states.points(), chains);
            }
            rescale(moments);
            averaging = new DualAveraging(1, target);
            Arrays.fill(everMoved, false);
            while (transition < warmUp) {
                warmUpAcceptance += adapt(averaging);
            }
            double step = averaging.average();
            double[] values = new double[StandardUnits.requireRoom((long) draws * chains, dimension)];
            double acceptance = 0;
            for (int draw = 0; draw < draws; draw++) {
                for (int t = 0; t < thinning; t++) {
                    acceptance += move(step);
                }
                System.arraycopy(states.points(), 0, values, draw * chains * dimension, chains * dimension);
            }
            Adaptation adaptation = new Adaptation(
                    warmUp,
                    step,
                    Arrays.stream(scales).boxed().toList(),
                    target,
                    warmUpAcceptance / warmUp,
                    acceptance / ((double) draws * thinning));
            Trace trace = new Trace(values, draws, chains, dimension);
            return new ChainRun(trace, ChainDiagnostics.of(trace, names, adaptation, stuck(step)));
        }

        private double adapt(DualAveraging averaging) {
            double acceptance = move(averaging.step());
            averaging.update(acceptance);
            return acceptance;
        }

        private double move(double step) {
            for (int chain = 0; chain < chains; chain++) {
                philox.draw(seed, chain, 1, RandomStream.ACCEPTANCE, 0, transition);
                steps[chain] = step * (1 + jitter * (2 * philox.uniform(0) - 1));
            }
            double acceptance = kernel.move(density, states, steps, leapfrogs, transition);
            for (int chain = 0; chain < chains; chain++) {
                everMoved[chain] |= kernel.moved()[chain];
            }
            transition++;
            return acceptance;
        }

        /** Takes the deviations for scales, where they are some. */
        private void rescale(ColumnMoments moments) {
            if (moments.count() < FEWEST_STATES) {
                return;
            }
            double[] deviations = moments.deviations();
            for (int i = 0; i < dimension; i++) {
                if (deviations[i] > 0 && Double.isFinite(deviations[i])) {
                    scales[i] = deviations[i];
                }
            }
            kernel = new HamiltonianTransition(chains, scales, seed);
        }

        /** Chains that never moved since half the warm-up; an error if that are all. */
        private int stuck(double step) {
            int stuck = 0;
            for (boolean moved : everMoved) {
                stuck += moved ? 0 : 1;
            }
            if (stuck == chains) {
                throw new SamplingException(
                        "none of " + chains + " chains moved in the last " + (transition - warmUp / 2)
                                + " transitions, with a leapfrog step of " + step
                                + ": every proposal was rejected, because log-density or score is no finite number, or does not"
                                + " go with the other");
            }
            return stuck;
        }
    }
}
