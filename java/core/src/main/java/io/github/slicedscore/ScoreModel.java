package io.github.slicedscore;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * A learned model: the score s(x) = grad log p(x | c), and for energies the log-density up to a constant, in the units of the
 * data.
 *
 * <pre>{@code
 * try (ScoreModel model = ScoreModel.load(Path.of("model.safetensors"))) {
 *     double[] score = model.score(1.5, -0.2);
 *     double logDensity = model.logDensity(1.5, -0.2);
 * }
 * }</pre>
 *
 * <p>Rows are [x, c]: the modelled columns in the order of {@link #columns()}, then the condition columns in that of
 * {@link #conditions()}. With m and d the mean and deviation of the standardizer, y = (x - m) / d, and s_y, J_y, f those of
 * the network:
 *
 * <pre>s = s_y / d      log p = f - sum over modelled columns of log d      J_ij = J_y,ij / (d_i d_j)</pre>
 *
 * <p>Immutable and safe for concurrent use; the batch methods allocate nothing per row.
 */
public final class ScoreModel implements AutoCloseable {
    /** Floats in the longest buffer of a call; longer batches go through in pieces. */
    private static final int BUFFER = 1 << 20;

    private final ModelContents contents;
    private final Scorer scorer;
    private final @Nullable Backend owned;
    private final Architecture architecture;
    private final int dimension;
    /** Length of a row [x, c] in the data's units. */
    private final int width;
    /** Length of a row of the network, whose last number is log sigma where it knows noise levels. */
    private final int inputs;

    private final double[] means;
    private final double[] deviations;
    private final double logScale;
    private final double[] validationLogDensities;
    private final int chunk;
    private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

    private ScoreModel(ModelContents contents, Backend backend, @Nullable Backend owned) {
        this.contents = contents;
        this.owned = owned;
        architecture = contents.architecture();
        scorer = backend.openScorer(architecture, contents.parameters());
        dimension = architecture.dimension();
        inputs = architecture.inputs();
        width = dimension + contents.conditions().size();
        means = contents.standardizer().means();
        deviations = contents.standardizer().deviations();
        logScale = contents.standardizer().logScale(dimension);
        validationLogDensities = contents.validationLogDensities();
        chunk = Math.max(1, BUFFER / inputs);
    }

    /**
     * Loads a model file and computes with the fastest backend that works here.
     *
     * @param file written by {@link #save}
     * @return the model; closing it frees its backend
     * @throws IOException if the file cannot be read or is not a model, with the mend
     */
    public static ScoreModel load(Path file) throws IOException {
        ModelContents contents = ModelFile.read(file);
        return owning(contents, Backends.auto());
    }

    /**
     * A model from its parts that computes on the processor.
     *
     * @param contents what it is
     * @return the model; closing it frees its backend
     */
    public static ScoreModel onProcessor(ModelContents contents) {
        return owning(contents, Backends.open("cpu", new BackendOptions()));
    }

    private static ScoreModel owning(ModelContents contents, Backend backend) {
        try {
            return new ScoreModel(contents, backend, backend);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    /**
     * A model from its parts.
     *
     * @param contents what it is
     * @param backend what computes; stays the caller's, who closes it after the model
     * @return the model
     */
    public static ScoreModel of(ModelContents contents, Backend backend) {
        return new ScoreModel(contents, backend, null);
    }

    /**
     * Writes or replaces a model file: all of it, or nothing.
     *
     * @param file where to
     * @throws IOException naming the file, if it cannot be written
     */
    public void save(Path file) throws IOException {
        ModelFile.write(contents, file);
    }

    /**
     * What the network is.
     *
     * @return the architecture
     */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * The numbers of the network, which work in standardised units.
     *
     * @return the parameters
     */
    public Parameters parameters() {
        return contents.parameters();
    }

    /**
     * The map from the data's units to the network's, modelled columns first, then conditions.
     *
     * @return the standardizer
     */
    public Standardizer standardizer() {
        return contents.standardizer();
    }

    /**
     * Names of the modelled columns: what a row begins with.
     *
     * @return D names
     */
    public List<String> columns() {
        return contents.columns();
    }

    /**
     * Names of the condition columns: what a row ends with.
     *
     * @return C names, none for an unconditional model
     */
    public List<String> conditions() {
        return contents.conditions();
    }

    /**
     * The levels of noise that the model knows. Scores, densities and derivatives of such a model are those of the smallest
     * level; samplers, through {@link #scorer()}, use them all.
     *
     * @return levels in standardised units; empty for a model of one level
     */
    public Optional<NoiseLevels> noiseLevels() {
        return architecture.noiseLevels();
    }

    /**
     * Where the model comes from.
     *
     * @return data, settings and losses of its training
     */
    public Provenance provenance() {
        return contents.provenance();
    }

    /**
     * Whether {@link #logDensity} can be asked.
     *
     * @return true for energies, false for score networks
     */
    public boolean hasDensity() {
        return architecture.isEnergy();
    }

    /**
     * The network opened for inference in standardised units, for samplers and others that stay in them. Its rows are
     * [x, c], and [x, c, log sigma] where the model knows noise levels.
     *
     * @return the scorer, closed with the model
     */
    public Scorer scorer() {
        return scorer;
    }

    /**
     * The score of a row.
     *
     * @param row [x, c], length D + C
     * @return s(x), length D
     * @throws IllegalArgumentException if the length is another, or a value is not finite
     */
    public double[] score(double... row) {
        requireRow("a row", row.length, width);
        double[] score = new double[dimension];
        evaluate(row, 1, null, score);
        return score;
    }

    /**
     * The scores of rows.
     *
     * @param rows [count, D + C] row-major
     * @param count how many
     * @param into where the scores go, [count, D] row-major
     * @throws IllegalArgumentException if an array is too short, or a value is not finite
     */
    public void score(double[] rows, int count, double[] into) {
        requireLength("scores", into.length, count, dimension);
        evaluate(rows, count, null, into);
    }

    /**
     * The log-density of a row, up to a constant that is the same for every x.
     *
     * @param row [x, c], length D + C
     * @return log p(x | c) + constant; minus infinity for rows some 10^19 standard deviations from the data, where it is below the
     *     range of single precision
     * @throws UnsupportedOperationException if the model is a score network
     * @throws IllegalArgumentException if the length is another, or a value is not finite
     */
    public double logDensity(double... row) {
        requireRow("a row", row.length, width);
        double[] value = new double[1];
        logDensity(row, 1, value);
        return value[0];
    }

    /**
     * The log-densities of rows, up to a constant that is the same for every x.
     *
     * @param rows [count, D + C] row-major
     * @param count how many
     * @param into where they go, [count]
     * @throws UnsupportedOperationException if the model is a score network
     * @throws IllegalArgumentException if an array is too short, or a value is not finite
     */
    public void logDensity(double[] rows, int count, double[] into) {
        if (!hasDensity()) {
            throw new UnsupportedOperationException(
                    "this model is a score network: it learned the gradient of the log-density and cannot give the"
                            + " log-density itself; train an energy for that (--model energy, or EnergyMlp)");
        }
        requireLength("log-densities", into.length, count, 1);
        evaluate(rows, count, into, null);
    }

    /**
     * Where a log-density stands among those of the held-out rows. It says nothing of a model with conditions, whose
     * log-densities have another constant for each.
     *
     * @param logDensity as given by {@link #logDensity}
     * @return how many percent of the held-out rows have a lower one; NaN where none were held out
     */
    public double percentile(double logDensity) {
        int from = 0;
        int to = validationLogDensities.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (validationLogDensities[middle] < logDensity) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return Double.isNaN(logDensity) ? Double.NaN : 100.0 * from / validationLogDensities.length;
    }

    /**
     * The derivative of the score of a row along a direction.
     *
     * @param row [x, c], length D + C
     * @param direction v, length D
     * @return J v, length D; J = ds/dx, for energies the Hessian of the log-density
     * @throws IllegalArgumentException if a length is another, or a value is not finite
     */
    public double[] jvp(double[] row, double[] direction) {
        requireRow("a row", row.length, width);
        requireRow("a direction", direction.length, dimension);
        double[] product = new double[dimension];
        jvp(row, direction, 1, product);
        return product;
    }

    /**
     * The derivatives of the scores of rows along directions.
     *
     * @param rows [count, D + C] row-major
     * @param directions v, [count, D] row-major
     * @param count how many
     * @param into where J v goes, [count, D] row-major
     * @throws IllegalArgumentException if an array is too short, or a value is not finite
     */
    public void jvp(double[] rows, double[] directions, int count, double[] into) {
        requireLength("products", into.length, count, dimension);
        derive(rows, directions, count, (buffers, from, n) -> {
            for (int i = 0; i < n * dimension; i++) {
                into[from * dimension + i] = buffers.result[i] / deviations[i % dimension];
            }
        });
    }

    /**
     * The curvature of the log-density of a row along a direction.
     *
     * @param row [x, c], length D + C
     * @param direction v, length D
     * @return v.J v
     * @throws IllegalArgumentException if a length is another, or a value is not finite
     */
    public double quadraticForm(double[] row, double[] direction) {
        requireRow("a row", row.length, width);
        requireRow("a direction", direction.length, dimension);
        double[] form = new double[1];
        quadraticForm(row, direction, 1, form);
        return form[0];
    }

    /**
     * The curvatures of the log-densities of rows along directions.
     *
     * @param rows [count, D + C] row-major
     * @param directions v, [count, D] row-major
     * @param count how many
     * @param into where v.J v goes, [count]
     * @throws IllegalArgumentException if an array is too short, or a value is not finite
     */
    public void quadraticForm(double[] rows, double[] directions, int count, double[] into) {
        requireLength("quadratic forms", into.length, count, 1);
        derive(rows, directions, count, (buffers, from, n) -> {
            for (int row = 0; row < n; row++) {
                double sum = 0;
                for (int i = 0; i < dimension; i++) {
                    sum += directions[(from + row) * dimension + i]
                            * (buffers.result[row * dimension + i] / deviations[i]);
                }
                into[from + row] = sum;
            }
        });
    }

    private void evaluate(double[] rows, int count, double @Nullable [] values, double @Nullable [] scores) {
        requireLength("rows", rows.length, count, width);
        inPieces(count, (buffers, from, n) -> {
            standardize(rows, from, n, buffers.inputs);
            scorer.evaluate(
                    buffers.inputs, n, values == null ? null : buffers.values, scores == null ? null : buffers.result);
            if (values != null) {
                for (int row = 0; row < n; row++) {
                    values[from + row] = buffers.values[row] - logScale;
                }
            }
            if (scores != null) {
                for (int i = 0; i < n * dimension; i++) {
                    scores[from * dimension + i] = buffers.result[i] / deviations[i % dimension];
                }
            }
        });
    }

    /** Leaves J_y (v / d) in the buffers' result, and hands them on. */
    private void derive(double[] rows, double[] directions, int count, Piece finish) {
        requireLength("rows", rows.length, count, width);
        requireLength("directions", directions.length, count, dimension);
        inPieces(count, (buffers, from, n) -> {
            standardize(rows, from, n, buffers.inputs);
            for (int i = 0; i < n * dimension; i++) {
                buffers.directions[i] =
                        finite(directions[from * dimension + i] / deviations[i % dimension], from, i, dimension);
            }
            scorer.jvp(buffers.inputs, buffers.directions, n, buffers.result);
            finish.run(buffers, from, n);
        });
    }

    private void standardize(double[] rows, int from, int n, float[] into) {
        for (int i = 0; i < n * width; i++) {
            int column = i % width;
            into[i / width * inputs + column] =
                    finite((rows[from * width + i] - means[column]) / deviations[column], from, i, width);
        }
        if (inputs > width) {
            float level = NoiseLevels.condition(
                    architecture.noiseLevels().orElseThrow().smallest());
            for (int row = 0; row < n; row++) {
                into[row * inputs + width] = level;
            }
        }
    }

    private float finite(double value, int from, int i, int stride) {
        float narrow = (float) value;
        if (!Float.isFinite(narrow)) {
            int column = i % stride;
            String name =
                    column < dimension ? columns().get(column) : conditions().get(column - dimension);
            throw new IllegalArgumentException("row " + (from + i / stride) + " (counted from 0), column '" + name
                    + "': NaN, infinity or too large for a float after standardising; leave such rows out");
        }
        return narrow;
    }

    /** What is done with up to {@link #chunk} rows. */
    private interface Piece {
        void run(Buffers buffers, int from, int n);
    }

    private void inPieces(int count, Piece piece) {
        int most = Math.min(count, chunk);
        Buffers buffers = idle.pollFirst();
        if (buffers == null || buffers.rows < most) {
            buffers = new Buffers(most);
        }
        for (int from = 0; from < count; from += chunk) {
            piece.run(buffers, from, Math.min(chunk, count - from));
        }
        idle.addFirst(buffers);
    }

    private void requireRow(String what, int length, int wanted) {
        if (length != wanted) {
            throw new IllegalArgumentException(what + " has " + wanted + " numbers ("
                    + String.join(", ", columns())
                    + (wanted == width && width > dimension ? ", given " + String.join(", ", conditions()) : "")
                    + "), not "
                    + length);
        }
    }

    private static void requireLength(String what, int length, int count, int stride) {
        if (count < 0 || length < (long) count * stride) {
            throw new IllegalArgumentException("the " + what + " of " + count + " rows are " + (long) count * stride
                    + " numbers, but the array has " + length);
        }
    }

    /** Frees the scorer, and the backend if {@link #load} opened it; use afterwards throws. Idempotent. */
    @Override
    public void close() {
        scorer.close();
        if (owned != null) {
            owned.close();
        }
    }

    @Override
    public String toString() {
        return "ScoreModel[" + architecture + ", columns=" + columns() + ", conditions=" + conditions() + "]";
    }

    /** Float arrays that one call at a time uses. */
    private final class Buffers {
        final int rows;
        final float[] inputs;
        final float[] directions;
        final float[] result;
        final float[] values;

        Buffers(int rows) {
            this.rows = rows;
            inputs = new float[rows * ScoreModel.this.inputs];
            directions = new float[rows * dimension];
            result = new float[rows * dimension];
            values = new float[rows];
        }
    }
}
