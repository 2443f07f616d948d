package io.github.slicedscore.bench;

import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Collections;
import java.util.List;

/**
 * The networks and batches that every figure of this project is measured on: softplus, one Rademacher slice, SSM-VR for
 * score networks and plain SSM for the energy.
 */
public enum Config {
    /** Two dimensions, small. */
    A(false, 2, 128, 2, 128),
    /** A table of 16 columns. */
    B(false, 16, 256, 2, 512),
    /** A hundred dimensions. */
    C(false, 100, 512, 3, 1024),
    /** Images of 28 x 28. */
    D(false, 784, 1024, 2, 256),
    /** An energy. */
    E(true, 16, 128, 2, 256);

    final Architecture architecture;
    final Objective objective;
    final int batch;

    Config(boolean energy, int dimension, int width, int depth, int batch) {
        List<Integer> hidden = Collections.nCopies(depth, width);
        Slices slices = new Slices(1, Projection.RADEMACHER);
        this.architecture = energy
                ? new EnergyMlp(dimension, 0, hidden, Activation.SOFTPLUS, 0)
                : new ScoreMlp(dimension, 0, hidden, Activation.SOFTPLUS);
        this.objective = energy ? new SlicedScoreMatching(slices) : new VarianceReducedScoreMatching(slices);
        this.batch = batch;
    }

    /** Standard normal rows, 16 batches of them. */
    TrainingRows rows() {
        int dimension = architecture.dimension();
        int count = 16 * batch;
        float[] values = new float[count * dimension];
        Philox philox = new Philox();
        for (int row = 0; row < count; row++) {
            philox.normals(1, row, RandomStream.TOY, 0, 0, values, row * dimension, (row + 1) * dimension);
        }
        return new TrainingRows(values, count, dimension, 0, Augmentation.none(dimension));
    }
}
