package io.github.slicedscore.bench;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The networks and batches that every figure of this project is measured on: softplus, one Rademacher slice. A to F are for
 * processors, all of them for GPUs.
 */
public enum Config {
    /** Two dimensions, small. */
    A(Kind.SCORE, 2, 128, 2, 128),
    /** A table of 16 columns. */
    B(Kind.SCORE, 16, 256, 2, 512),
    /** A hundred dimensions. */
    C(Kind.SCORE, 100, 512, 3, 1024),
    /** Images of 28 x 28. */
    D(Kind.SCORE, 784, 1024, 2, 256),
    /** An energy by SSM. */
    E(Kind.ENERGY, 16, 128, 2, 256),
    /** The same energy by SSM-VR. */
    F(Kind.ENERGY_VR, 16, 128, 2, 256),
    /** Two dimensions, a batch for a GPU. */
    G1(Kind.SCORE, 2, 128, 3, 1024),
    /** A middling network for a GPU. */
    G2(Kind.SCORE, 64, 512, 3, 4096),
    /** A wide network for a GPU. */
    G3(Kind.SCORE, 784, 2048, 4, 8192);

    /** What a configuration learns, and how. */
    private enum Kind {
        /** A score network by SSM-VR. */
        SCORE,
        /** An energy by SSM. */
        ENERGY,
        /** An energy by SSM-VR. */
        ENERGY_VR
    }

    /** Of everything random in a benchmark. */
    static final long SEED = 1;

    /** In a configuration's rows. */
    static final int BATCHES = 16;

    final Architecture architecture;
    final Objective objective;
    final int batch;
    private final Kind kind;
    private @Nullable TrainingRows rows;

    Config(Kind kind, int dimension, int width, int depth, int batch) {
        List<Integer> hidden = Collections.nCopies(depth, width);
        Slices slices = new Slices(1, Projection.RADEMACHER);
        this.architecture = kind == Kind.SCORE
                ? new ScoreMlp(dimension, 0, hidden, Activation.SOFTPLUS)
                : new EnergyMlp(dimension, 0, hidden, Activation.SOFTPLUS, 0);
        this.objective =
                kind == Kind.ENERGY ? new SlicedScoreMatching(slices) : new VarianceReducedScoreMatching(slices);
        this.batch = batch;
        this.kind = kind;
    }

    /** A training from the beginning: Adam without clipping. */
    TrainingRun openTraining(Backend backend) {
        TrainingSpec spec =
                new TrainingSpec(architecture, objective, new Adam(), new Schedule.Constant(1e-3), 0, 0, batch, SEED);
        return backend.openTraining(spec, trainingRows(), TrainingState.initial(architecture, SEED));
    }

    /** A scorer with a network's starting values. */
    Scorer openScorer(Backend backend) {
        return backend.openScorer(architecture, Parameters.initialize(architecture, SEED));
    }

    /**
     * GFLOP of a training step's matrix products: jets forward, adjoints back, weight gradients, 2 or 3 streams of each; and an
     * energy's plain pass of SSM-VR, forward and back.
     */
    double stepGigaflop() {
        return (6 * streams() + (kind == Kind.ENERGY_VR ? 4 : 0)) * 1e-9 * batch * weights();
    }

    /** Rows of a sample in a training step's matrix products: its value and derivatives along the slice. */
    int streams() {
        return isEnergy() ? 3 : 2;
    }

    /** GFLOP of the matrix products of one row's score; an energy's takes a pass back as well. */
    double rowGigaflop() {
        return (isEnergy() ? 4 : 2) * 1e-9 * weights();
    }

    private boolean isEnergy() {
        return architecture.isEnergy();
    }

    /** Of the layers: D, the hidden ones, and the output's. */
    int[] widths() {
        return ((Mlp) architecture).widths();
    }

    private long weights() {
        int[] widths = widths();
        long count = 0;
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            count += (long) widths[layer] * widths[layer + 1];
        }
        return count;
    }

    /** Standard normal rows, 16 batches of them; drawn once, as that takes longer than a step. */
    TrainingRows trainingRows() {
        if (rows == null) {
            int dimension = architecture.dimension();
            int count = BATCHES * batch;
            rows = new TrainingRows(
                    normals(count, RandomStream.TOY), count, dimension, 0, Augmentation.none(dimension));
        }
        return rows;
    }

    /** So many rows of standard normal numbers, the same in every run. */
    float[] normals(int rows, RandomStream stream) {
        int dimension = architecture.dimension();
        float[] values = new float[Math.multiplyExact(rows, dimension)];
        Philox philox = new Philox();
        for (int row = 0; row < rows; row++) {
            philox.normals(SEED, row, stream, 0, 0, values, row * dimension, (row + 1) * dimension);
        }
        return values;
    }
}
