/** What an update is: optimisers and learning-rate schedules, as values. */
@NullMarked
package io.github.slicedscore.optim;

import org.jspecify.annotations.NullMarked;
