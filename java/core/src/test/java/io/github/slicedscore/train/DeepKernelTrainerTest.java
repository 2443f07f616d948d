package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.train.TrainingConfig.DeepKernels;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deep kernel energy from a table to a model, whose coefficients follow from all training rows. */
class DeepKernelTrainerTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(1, 300);

    private static TrainingConfig.Builder config() {
        return TrainingConfig.builder()
                .kind(ModelKind.DKEF)
                .hidden(8)
                .kernels(new DeepKernels(4, 2, 10))
                .objective(new ExactScoreMatching())
                .batch(60)
                .steps(40)
                .validationInterval(10);
    }

    private static ScoreModel trained(TrainingConfig config) throws IOException {
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            return new Trainer(config, DATA, backend).run().model();
        }
    }

    @Test
    void modelsAreFinishedOnAllRowsAndCheckpointsAreNot(@TempDir Path directory) throws IOException {
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            List<String> heard = new ArrayList<>();
            TrainingReport report = new Trainer(config().build(), DATA, backend)
                    .checkpoints(directory)
                    .listener(new TrainingListener() {
                        @Override
                        public void validated(TrainingPoint point, boolean best) {
                            heard.add("validated");
                        }

                        @Override
                        public void finishing() {
                            heard.add("finishing");
                        }
                    })
                    .run();
            assertThat(heard).endsWith("validated", "finishing").containsOnlyOnce("finishing");
            double first = report.history().get(0).validationLoss();
            assertThat(report.history().get(3).validationLoss()).isLessThan(first);
            Parameters parameters = report.model().parameters();
            Parameters best;
            try (ScoreModel loaded = ScoreModel.load(directory.resolve("best.safetensors"))) {
                best = loaded.parameters();
            }
            int tuned = parameters.layout().tensor("log_regularizer").offset();
            int coefficients = parameters.layout().tensor("coefficients").offset();
            for (int i = 0; i < tuned; i++) {
                assertThat(parameters.get(i)).isEqualTo(best.get(i));
            }
            assertThat(parameters.get(tuned)).isNotEqualTo(best.get(tuned));
            assertThat(parameters.get(coefficients)).isNotEqualTo(best.get(coefficients));
            // Without rows held out there is nothing to tune by.
            Parameters all = trained(config().validationFraction(0).build()).parameters();
            assertThat(Float.isFinite(all.get(coefficients))).isTrue();
        }
    }

    @Test
    void goesOnBitForBitWithAMovingAverage(@TempDir Path directory) throws IOException {
        TrainingConfig whole = config().averageDecay(0.9).build();
        Parameters expected = trained(whole).parameters();
        try (Backend backend = Backends.open("cpu", new BackendOptions(2, 0))) {
            Trainer stopped = new Trainer(whole, DATA, backend).checkpoints(directory);
            stopped.listener(new TrainingListener() {
                @Override
                public void validated(TrainingPoint point, boolean best) {
                    if (point.step() == 20) {
                        stopped.requestStop();
                    }
                }
            });
            assertThat(stopped.run().steps()).isEqualTo(20);
            TrainingReport report = new Trainer(whole, DATA, backend)
                    .checkpoints(directory)
                    .resume()
                    .run();
            assertThat(report.model().parameters()).isEqualTo(expected);
        }
    }

    /** No fault, as points are learned, but seldom meant. */
    @Test
    void morePointsThanRowsAreSaid() {
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0));
                CapturedLog log = new CapturedLog(Trainer.class)) {
            new Trainer(config().kernels(new DeepKernels(4, 2, 270)).build(), DATA, backend);
            assertThat(log.lines()).isEmpty();
            new Trainer(config().kernels(new DeepKernels(4, 2, 271)).build(), DATA, backend);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO the 271 inducing points are more than the 270 training rows there are: those beyond them start at"
                                    + " random, and a step takes longer by them; take 270 points or fewer (--kernels 2:4:270)");
        }
    }

    /** With a moving average, too, which is solved for without where the run began, and not before. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void coefficientsAreSolvedForOnceAValidation(double decay) throws IOException {
        AtomicInteger solves = new AtomicInteger();
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            TrainingReport report =
                    new Trainer(config().averageDecay(decay).build(), DATA, new SolveCounter(backend, solves)).run();
            assertThat(solves).hasValue(report.history().size());
        }
    }

    /** Counts the calls of runs that solve for coefficients, but at the end. */
    private record SolveCounter(Backend before, AtomicInteger solves) implements ForwardingBackend {
        private static final Set<String> SOLVE = Set.of("parameters", "settled");

        @Override
        public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
            TrainingRun run = before.openTraining(spec, rows, start);
            return (TrainingRun) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {TrainingRun.class}, (proxy, method, arguments) -> {
                        if (SOLVE.contains(method.getName())) {
                            solves.incrementAndGet();
                        }
                        return method.invoke(run, arguments);
                    });
        }
    }
}
