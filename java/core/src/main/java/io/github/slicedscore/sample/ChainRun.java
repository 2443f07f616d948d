package io.github.slicedscore.sample;

/**
 * What chains on a density gave.
 *
 * @param trace the draws, in the density's units
 * @param diagnostics whether they can be used
 */
public record ChainRun(Trace trace, ChainDiagnostics diagnostics) {}
