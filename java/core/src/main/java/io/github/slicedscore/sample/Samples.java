package io.github.slicedscore.sample;

import io.github.slicedscore.data.Dataset;
import java.util.Optional;

/**
 * Samples of a model.
 *
 * @param rows the samples: the modelled columns in the units of the data
 * @param diagnostics whether the chains that drew them have mixed, in standardised units; empty for samplers whose samples are
 *     independent of each other by construction
 */
public record Samples(Dataset rows, Optional<ChainDiagnostics> diagnostics) {}
