package io.github.slicedscore.train;

import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import java.math.BigDecimal;
import java.util.Optional;

/** Looks for where a run left the range of its numbers, and for settings that drive it there. */
final class Divergence {
    /** Less than usual, or more, by so much that it is named. */
    private static final double SMALL = 1e-2;

    private static final double LARGE = 1e3;

    private Divergence() {}

    /** The first tensor of a state that holds NaN or infinity, if there is one. */
    static Optional<String> in(TrainingState state, ParameterLayout layout) {
        return in(state.parameters(), "", layout)
                .or(() -> in(state.firstMoment(), "the first moment of ", layout))
                .or(() -> in(state.secondMoment(), "the second moment of ", layout))
                .or(() -> in(state.average(), "the average of ", layout));
    }

    /** The first tensor of an array in the order of the parameters that holds NaN or infinity, if there is one. */
    static Optional<String> in(float[] values, String what, ParameterLayout layout) {
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                if (!Float.isFinite(values[i])) {
                    return Optional.of(what + tensor.name() + " holds " + values[i]);
                }
            }
        }
        return Optional.empty();
    }

    /** What of a run that was stopped by its gradient, or by its loss, is not finite. */
    static String at(TrainingRun run, int batch, ParameterLayout layout) {
        float[] gradient = run.gradient(0, batch).sum();
        return in(run.state(), layout)
                .or(() -> in(gradient, "the gradient of ", layout))
                .orElseGet(() -> "the gradient of " + longest(gradient, layout) + " is the largest");
    }

    private static String longest(float[] gradient, ParameterLayout layout) {
        String longest = "";
        double most = -1;
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                if (Math.abs(gradient[i]) > most) {
                    most = Math.abs(gradient[i]);
                    longest = tensor.name();
                }
            }
        }
        return longest;
    }

    /** What to change, most likely first. */
    static String advice(TrainingConfig config) {
        StringBuilder advice = new StringBuilder("Try ");
        if (config.objective() instanceof DenoisingScoreMatching dsm && (dsm.sigma() < SMALL || dsm.sigma() > LARGE)) {
            advice.append("a sigma that is not ").append(dsm.sigma()).append(" (--sigma 0.1), ");
        }
        config.objective().noiseLevels().filter(Divergence::isUnusual).ifPresent(levels -> advice.append(
                        "noise levels that are not from ")
                .append(levels.largest())
                .append(" to ")
                .append(levels.smallest())
                .append(" (--noise-levels 5:0.05:12), "));
        if (config.kind().hasBase() && config.base() > 0 && config.base() < SMALL) {
            advice.append("a base that is not ")
                    .append(config.base())
                    .append(" (--base ")
                    .append((int) config.kind().base())
                    .append("), ");
        }
        if (config.learningRate().peak() * config.optimizer().weightDecay() >= 1) {
            advice.append("a weight decay that is not ")
                    .append(config.optimizer().weightDecay())
                    .append(", ");
        }
        return advice.append("a lower learning rate (--lr ")
                .append(tenth(config.learningRate().peak()))
                .append("), gradient clipping (--clip 10), more noise (--noise 0.1), or look for outliers in the data.")
                .toString();
    }

    /** Without what a division by ten would leave in the last digits. */
    private static double tenth(double value) {
        return BigDecimal.valueOf(value).movePointLeft(1).doubleValue();
    }

    private static boolean isUnusual(NoiseLevels levels) {
        return levels.smallest() < SMALL / 10 || levels.largest() > LARGE;
    }
}
