package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.objective.Objective;

/** A network and its objectives in double precision, which fast ones are compared with. */
interface Reference {
    /** That of an architecture. */
    static Reference of(Architecture architecture, double[] parameters) {
        return architecture instanceof Nice nice
                ? new DensityOracle(nice, parameters, new NiceMap(nice)::logDensity)
                : new Oracle(architecture, parameters);
    }

    /** f(x) of an energy's rows, [N]. */
    double[] value(double[] inputs);

    /** s(x), [N, D]. */
    double[] score(double[] inputs);

    /** J v, [M, N, D]. */
    double[] jvp(Oracle.Batch batch);

    /** q = v.J v, [M, N]. */
    double[] quadratic(Oracle.Batch batch);

    /** Loss and gradient of an objective, but a custom one. */
    Oracle.Result evaluate(Objective objective, Oracle.Batch batch);
}
