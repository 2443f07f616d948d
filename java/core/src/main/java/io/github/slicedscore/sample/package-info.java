/**
 * Drawing samples from a learned score, and telling whether they can be used: of whole rows ({@link Sampler}), of what a row lacks
 * ({@link Imputer}); and taking noise off ({@link Denoiser}).
 */
@NullMarked
package io.github.slicedscore.sample;

import org.jspecify.annotations.NullMarked;
