package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The objectives of a log-density that is given as a formula, each as its definition has it, by {@link Variable}s. */
final class DensityOracle implements Reference {
    /** f(x) of parameters. */
    interface Formula {
        Variable logDensity(Variable[] x, Variable[] parameters);
    }

    private final int dimension;
    private final Variable[] parameters;
    private final Formula formula;

    DensityOracle(Architecture architecture, double[] parameters, Formula formula) {
        if (architecture.conditions() > 0) {
            throw new IllegalArgumentException("no conditions here");
        }
        this.dimension = architecture.dimension();
        this.parameters = Variable.of(parameters);
        this.formula = formula;
    }

    /** A point, and f with its derivatives there. */
    private final class Point {
        final Variable[] x;
        final Variable f;

        Point(double[] at) {
            x = Variable.of(at);
            f = formula.logDensity(x, parameters);
        }

        Variable[] score() {
            return f.gradient(x);
        }

        Variable projected(double[] v) {
            return Variable.dot(score(), Variable.of(v));
        }

        Variable[] product(double[] v) {
            return projected(v).gradient(x);
        }

        Variable quadratic(double[] v) {
            return Variable.dot(product(v), Variable.of(v));
        }

        Variable halfSquare() {
            Variable[] score = score();
            return Variable.dot(score, score).times(0.5);
        }
    }

    @Override
    public double[] value(double[] inputs) {
        return rows(inputs).mapToDouble(n -> point(inputs, n).f.value).toArray();
    }

    @Override
    public double[] score(double[] inputs) {
        return rows(inputs)
                .mapToObj(n -> Variable.values(point(inputs, n).score()))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @Override
    public double[] jvp(Oracle.Batch batch) {
        int count = (int) rows(batch.inputs()).count();
        return rows(batch.directions())
                .mapToObj(i -> Variable.values(point(batch.inputs(), i % count).product(row(batch.directions(), i))))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @Override
    public double[] quadratic(Oracle.Batch batch) {
        int count = (int) rows(batch.inputs()).count();
        return rows(batch.directions())
                .mapToDouble(i -> point(batch.inputs(), i % count).quadratic(row(batch.directions(), i)).value)
                .toArray();
    }

    @Override
    public Oracle.Result evaluate(Objective objective, Oracle.Batch batch) {
        int count = (int) rows(batch.inputs()).count();
        double[] perSample = new double[count];
        double[] gradient = new double[parameters.length];
        for (int n = 0; n < count; n++) {
            double[][] directions = new double[objective.directions()][];
            for (int k = 0; k < directions.length; k++) {
                directions[k] = row(batch.directions(), k * count + n);
            }
            Variable loss = loss(objective, row(batch.inputs(), n), directions);
            perSample[n] = loss.value;
            double[] slope = Variable.values(loss.gradient(parameters));
            Arrays.setAll(gradient, i -> gradient[i] + slope[i] / count);
        }
        return new Oracle.Result(perSample, Arrays.stream(perSample).average().orElseThrow(), gradient);
    }

    private Variable loss(Objective objective, double[] x, double[][] v) {
        if (objective instanceof MaximumLikelihood) {
            return new Point(x).f.times(-1);
        } else if (objective instanceof SlicedScoreMatching) {
            Point point = new Point(x);
            return mean(v, slice -> point.quadratic(slice)
                    .plus(square(point.projected(slice)).times(0.5)));
        } else if (objective instanceof VarianceReducedScoreMatching) {
            Point point = new Point(x);
            return mean(v, point::quadratic).plus(point.halfSquare());
        } else if (objective instanceof ExactScoreMatching) {
            Point point = new Point(x);
            return mean(identity(), point::quadratic).times(dimension).plus(point.halfSquare());
        } else if (objective instanceof DenoisingScoreMatching dsm) {
            Point noisy = new Point(moved(x, dsm.sigma(), v[0]));
            return halfDistance(noisy.score(), moved(new double[dimension], -1 / dsm.sigma(), v[0]));
        } else if (objective instanceof FiniteDifferenceScoreMatching differences) {
            return mean(v, slice -> differences(x, slice, differences.epsilon()));
        } else if (objective instanceof ExplicitFisherDivergence fisher) {
            return halfDistance(new Point(x).score(), score(fisher.truth(), x));
        } else if (objective instanceof SlicedFisherDivergence fisher) {
            Point point = new Point(x);
            Variable[] truth = Variable.of(score(fisher.truth(), x));
            return mean(v, slice -> {
                Variable known = Variable.dot(truth, Variable.of(slice));
                return square(point.projected(slice).plus(known.times(-1))).times(0.5);
            });
        }
        throw new IllegalArgumentException("the oracle knows no objective " + objective);
    }

    private Variable differences(double[] x, double[] v, double h) {
        Variable plus = new Point(moved(x, h, v)).f;
        Variable minus = new Point(moved(x, -h, v)).f;
        Variable middle = new Point(x).f;
        Variable p = plus.plus(minus.times(-1)).times(1 / (2 * h));
        Variable q = plus.plus(minus).plus(middle.times(-2)).times(1 / (h * h));
        return q.plus(square(p).times(0.5));
    }

    private interface Term {
        Variable of(double[] direction);
    }

    private static Variable mean(double[][] directions, Term term) {
        return Variable.sum(Arrays.stream(directions).map(term::of).toArray(Variable[]::new))
                .times(1.0 / directions.length);
    }

    private static Variable square(Variable x) {
        return x.times(x);
    }

    private static Variable halfDistance(Variable[] x, double[] from) {
        Variable[] difference = new Variable[x.length];
        Arrays.setAll(difference, i -> x[i].plus(Variable.of(-from[i])));
        return Variable.dot(difference, difference).times(0.5);
    }

    private static double[] score(KnownScore truth, double[] x) {
        double[] score = new double[x.length];
        truth.score(x, score);
        return score;
    }

    private double[][] identity() {
        double[][] e = new double[dimension][dimension];
        Arrays.setAll(
                e,
                i -> moved(
                        e[i],
                        1,
                        IntStream.range(0, dimension)
                                .mapToDouble(j -> i == j ? 1 : 0)
                                .toArray()));
        return e;
    }

    private static double[] moved(double[] x, double t, double[] d) {
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> x[i] + t * d[i]);
        return y;
    }

    private Point point(double[] inputs, int n) {
        return new Point(row(inputs, n));
    }

    private IntStream rows(double[] values) {
        return IntStream.range(0, values.length / dimension);
    }

    private double[] row(double[] values, int n) {
        return Arrays.copyOfRange(values, n * dimension, (n + 1) * dimension);
    }
}
