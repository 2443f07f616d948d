package io.github.slicedscore.eval;

/**
 * What a statistical test found.
 *
 * @param statistic the test's statistic; its javadoc says on which scale
 * @param pValue chance of a statistic at least as large if the model were right; small speaks against the model
 * @param rows number of rows that the test saw
 */
public record TestResult(double statistic, double pValue, int rows) {}
