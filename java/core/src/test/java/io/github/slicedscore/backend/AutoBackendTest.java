package io.github.slicedscore.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoBackendTest {
    private static final Architecture NETWORK = new ScoreMlp(1, 0, List.of(), Activation.TANH);
    private static final Parameters PARAMETERS = Parameters.of(NETWORK, new float[] {-2, 0.5f});

    /** Knows nothing. */
    private static final class Narrow implements Backend {
        boolean closed;

        @Override
        public String name() {
            return "narrow";
        }

        @Override
        public String description() {
            return "no kernels";
        }

        @Override
        public String kernels() {
            return "none";
        }

        @Override
        public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
            throw new NotSupportedException("no training");
        }

        @Override
        public ObjectiveFunction openObjective(Architecture architecture, Objective objective) {
            throw new NotSupportedException("no objective");
        }

        @Override
        public Scorer openScorer(Architecture architecture, Parameters parameters) {
            throw new NotSupportedException("no network");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void theNextTakesOverWhereTheFirstDoesNotDo() {
        Narrow first = new Narrow();
        Backend next = Backends.open("cpu", new BackendOptions(1, 0));
        Scorer scorer;
        try (Backend auto = new AutoBackend(first, () -> next)) {
            assertThat(auto.name()).isEqualTo("narrow");
            assertThat(auto.description()).isEqualTo("no kernels");
            assertThat(auto.kernels()).isEqualTo("none");
            scorer = auto.openScorer(NETWORK, PARAMETERS);
            float[] score = new float[1];
            scorer.evaluate(new float[] {3}, 1, null, score);
            assertThat(score).containsExactly(-5.5f);
            assertThat(auto.name()).isEqualTo("cpu");
            assertThat(auto.description()).isEqualTo(next.description());
            assertThat(auto.kernels()).isEqualTo(next.kernels());
            assertThat(first.closed).isFalse();
        }
        assertThat(first.closed).isTrue();
        assertThatThrownBy(() -> scorer.evaluate(new float[1], 1, null, new float[1]))
                .isInstanceOf(IllegalStateException.class);
    }

    /** As where the next lacks the precision. */
    @Test
    void whereThereIsNoNextBothReasonsAreGiven() {
        BackendStatus.Unavailable missing = new BackendStatus.Unavailable("too coarse", "take a finer one", false);
        Narrow first = new Narrow();
        try (Backend auto = new AutoBackend(first, () -> {
            throw new BackendUnavailableException("next", missing);
        })) {
            assertThatThrownBy(() -> auto.openScorer(NETWORK, PARAMETERS))
                    .isInstanceOf(NotSupportedException.class)
                    .hasMessage("no network, but backend next can't be used here: too coarse; take a finer one");
            assertThat(auto.name()).isEqualTo("narrow");
        }
        assertThat(first.closed).isTrue();
    }

    @Test
    void whatNeitherKnowsIsRefusedByName() {
        Narrow next = new Narrow();
        try (Backend auto = new AutoBackend(new Narrow(), () -> next)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> auto.openScorer(NETWORK, PARAMETERS))
                        .isInstanceOf(NotSupportedException.class)
                        .hasMessage("no network");
            }
        }
        assertThat(next.closed).isTrue();
    }
}
