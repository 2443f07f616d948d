package io.github.slicedscore.cli;

import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.model.Architecture;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code evaluate} found.
 *
 * @param model the model's file
 * @param architecture its network
 * @param test the file of test rows
 * @param train the file that the baselines were fitted to, or null for the test rows themselves
 * @param seed key of the random numbers
 * @param report all but the flow
 * @param flow log-likelihood by the probability flow
 * @param remarks what to know before believing the figures, a sentence each
 */
record Evaluation(
        Path model,
        Architecture architecture,
        Path test,
        @Nullable Path train,
        long seed,
        ModelReport report,
        Finding<FlowLogLikelihood> flow,
        List<String> remarks) {
    /** Whether annealed sampling has a finding of its own: a score network has none, and a flow needs none, for importance's reason. */
    boolean showsAnnealed() {
        return !report.annealed().equals(report.importance());
    }

    /** Whether the probability flow may tell what the network does not. */
    boolean showsFlow() {
        return !architecture.isNormalized();
    }
}
