package io.github.slicedscore.objective;

import io.github.slicedscore.data.Standardizer;

/** A score that is known, to be learned from or compared with. Implementations are safe for concurrent use. */
@FunctionalInterface
public interface KnownScore {
    /**
     * The score at a point.
     *
     * @param x point, length D
     * @param into where grad log p(x) goes, length D; not x itself
     */
    void score(double[] x, double[] into);

    /**
     * The same score in standardised units: with y = (x - m) / d, s_y(y) = d s_x(m + d y).
     *
     * @param standardizer m and d of the columns
     * @return the score as a function of standardised points
     */
    default KnownScore standardized(Standardizer standardizer) {
        double[] deviations = standardizer.deviations();
        return (y, into) -> {
            double[] x = new double[y.length];
            for (int i = 0; i < y.length; i++) {
                x[i] = standardizer.restore(i, y[i]);
            }
            score(x, into);
            for (int i = 0; i < y.length; i++) {
                into[i] *= deviations[i];
            }
        };
    }
}
