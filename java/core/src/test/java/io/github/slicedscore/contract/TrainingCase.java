package io.github.slicedscore.contract;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.Optimizer;
import io.github.slicedscore.optim.Schedule;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A training of awkward sizes with everything switched on, whose parts a test may replace. */
public record TrainingCase(
        Architecture architecture,
        Objective objective,
        Optimizer optimizer,
        Schedule schedule,
        double clipNorm,
        double averageDecay) {
    public static final int ROWS = 203;
    public static final int BATCH = 37;
    public static final long SEED = 0x5eed_0000_0001L;
    public static final int DIMENSION = 5;
    private static final int CONDITIONS = 2;

    /** Energy or score network, SSM or SSM-VR, with conditions, noise, AdamW, a warm cosine, clipping and average. */
    public static TrainingCase of(boolean energy, boolean varianceReduced) {
        List<Integer> hidden = List.of(33, 17);
        Slices slices = new Slices(2, varianceReduced ? Projection.SPHERE : Projection.RADEMACHER);
        return new TrainingCase(
                energy
                        ? new EnergyMlp(DIMENSION, CONDITIONS, hidden, Activation.SOFTPLUS, 2)
                        : new ScoreMlp(DIMENSION, CONDITIONS, hidden, Activation.TANH),
                varianceReduced ? new VarianceReducedScoreMatching(slices) : new SlicedScoreMatching(slices),
                new AdamW(0.1),
                new Schedule.WarmUp(10, new Schedule.Cosine(5e-3, 80)),
                0.5,
                0.9);
    }

    /** The same by the objective's name, of those that every backend knows: ssm, ssm-vr, exact or dsm. */
    public static TrainingCase of(boolean energy, String objective) {
        TrainingCase sliced = of(energy, objective.equals("ssm-vr"));
        return switch (objective) {
            case "ssm", "ssm-vr" -> sliced;
            case "exact" -> sliced.with(new ExactScoreMatching());
            case "dsm" -> sliced.with(new DenoisingScoreMatching(0.3));
            default -> throw new IllegalArgumentException(objective);
        };
    }

    /** A score network under SSM-VR with plain Adam at a constant rate. */
    public static TrainingCase plain() {
        return of(false, true).with(new Adam(), new Schedule.Constant(5e-3), 0, 0);
    }

    public TrainingCase with(Optimizer newOptimizer, Schedule newSchedule, double newClipNorm, double newAverageDecay) {
        return new TrainingCase(architecture, objective, newOptimizer, newSchedule, newClipNorm, newAverageDecay);
    }

    /** The same with another objective, whose levels the network knows. */
    public TrainingCase with(Objective newObjective) {
        MlpOptions options =
                newObjective.noiseLevels().map(MlpOptions.NONE::withNoiseLevels).orElse(MlpOptions.NONE);
        int conditions = CONDITIONS + (newObjective.noiseLevels().isPresent() ? 1 : 0);
        Architecture network = architecture instanceof EnergyMlp energy
                ? new EnergyMlp(DIMENSION, conditions, energy.hidden(), energy.activation(), energy.base(), options)
                : new ScoreMlp(DIMENSION, conditions, architecture.hidden(), architecture.activation(), options);
        return new TrainingCase(network, newObjective, optimizer, schedule, clipNorm, averageDecay);
    }

    /** The same with another network. */
    public TrainingCase on(Architecture network) {
        return new TrainingCase(network, objective, optimizer, schedule, clipNorm, averageDecay);
    }

    /** Energy or not, and the objectives that every backend knows: what {@link #of} takes. */
    public static Stream<Arguments> choices() {
        return Stream.of(false, true)
                .flatMap(energy -> Stream.of("ssm", "ssm-vr", "exact", "dsm").map(id -> Arguments.of(energy, id)));
    }

    public TrainingSpec spec() {
        return new TrainingSpec(architecture, objective, optimizer, schedule, clipNorm, averageDecay, BATCH, SEED);
    }

    public TrainingState start() {
        return TrainingState.initial(architecture, SEED);
    }

    public TrainingRun open(Backend backend) {
        return open(backend, start());
    }

    public TrainingRun open(Backend backend, TrainingState state) {
        return backend.openTraining(spec(), data(), state);
    }

    /** Rows that fit the network. */
    public TrainingRows data() {
        return rows(architecture.conditions() - (objective.noiseLevels().isPresent() ? 1 : 0));
    }

    /** With conditions. */
    public static TrainingRows rows() {
        return rows(CONDITIONS);
    }

    private static TrainingRows rows(int conditions) {
        Random random = new Random(5);
        float[] values = new float[ROWS * (DIMENSION + conditions)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        float[] halfWidths = {0.1f, 0, 0.2f, 0, 0.05f};
        return new TrainingRows(values, ROWS, DIMENSION, conditions, new Augmentation(halfWidths, 0.05f));
    }
}
