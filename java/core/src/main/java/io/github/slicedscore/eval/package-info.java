/**
 * The instruments that say whether a model fits: {@link ModelReport} asks them all. Losses of held-out rows; log-likelihoods,
 * whose normaliser is estimated with an error and warnings; tests of the rows against the score and against samples; baselines
 * to beat; and the distance to a score that is known. {@link AnomalyReport} ranks rows by how unusual they are, and
 * {@link TableComparison} sets two tables beside each other.
 */
@NullMarked
package io.github.slicedscore.eval;

import org.jspecify.annotations.NullMarked;
