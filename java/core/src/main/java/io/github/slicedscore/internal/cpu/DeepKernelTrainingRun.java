package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.Gradient;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Training of a deep kernel energy on the processor. The coefficients are no parameters of the descent: every step solves for them on
 * the first half of its batch, and descends the loss on the other half, through the solve.
 *
 * <pre>
 * alpha = -(G + lambda)^-1 b              on the first half, lambda = 10^g
 * L     = mean loss on the second half    u = dL/dalpha,   w = (G + lambda)^-1 u
 * dL/dtheta = d/dtheta [ L - w.(G alpha + b) ]       dL/dg = -ln 10 lambda w.alpha       alpha, w held fixed
 * </pre>
 *
 * <p>Rows of a gradient are those of the second half alone. Coefficients of a state are those of its last step.
 */
final class DeepKernelTrainingRun extends ProcessorRun {
    /** Training rows that coefficients are solved for on when a model is judged in mid-run. */
    private static final int JUDGED = 1000;

    /** The step whose random numbers these and all rows get; those after it are of inducing points and of held-out losses. */
    private static final long SOLVE_STEP = 0xFFFFFFFCL;

    private static final long VALIDATION_STEP = 0xFFFFFFFFL;

    /** The epoch in whose order rows are judged on, which no training reaches. */
    private static final long JUDGED_EPOCH = -2;

    private final Kernels kernels;
    private final WorkerPool pool;
    private final DeepKernelEnergy energy;
    private final DeepKernelNetwork network;
    private final DeepKernelWeights weights;
    /** Rows of a batch that coefficients are solved for on. */
    private final int solved;

    private final CoefficientSystem system;
    private final BatchGradient batch;
    private final DeepKernelNetwork judged;
    private final int[] judgedRows;
    private final float[] direction;
    private int offset;
    private double lossSum;

    DeepKernelTrainingRun(
            Kernels kernels,
            WorkerPool pool,
            DeepKernelEnergy energy,
            TrainingSpec spec,
            TrainingRows rows,
            TrainingState start) {
        this(kernels, pool, energy, spec, rows, start, DeepKernelNetwork.of(kernels, energy));
    }

    private DeepKernelTrainingRun(
            Kernels kernels,
            WorkerPool pool,
            DeepKernelEnergy energy,
            TrainingSpec spec,
            TrainingRows rows,
            TrainingState start,
            DeepKernelNetwork network) {
        super(kernels, pool, spec, rows, network.weights, start);
        CoefficientTerms.requireSupported(spec.objective());
        if (spec.batch() < 2) {
            throw new IllegalArgumentException(
                    "half of a batch is for the coefficients, so it has at least two rows, not " + spec.batch());
        }
        this.kernels = kernels;
        this.pool = pool;
        this.energy = energy;
        this.network = network;
        solved = spec.batch() / 2;
        weights = network.parts();
        Objective objective = spec.objective();
        system = new CoefficientSystem(kernels, pool, network, objective, solved, true, this::fill);
        batch = BatchGradient.of(kernels, pool, network, objective, spec.batch() - solved, this::fill);
        direction = new float[weights.pieces()[weights.coefficients()].length];
        judged = DeepKernelNetwork.of(kernels, energy);
        Permutation order = new Permutation(rows.rows());
        order.key(spec.seed(), JUDGED_EPOCH);
        judgedRows = new int[Math.min(JUDGED, rows.rows())];
        Arrays.setAll(judgedRows, i -> (int) order.apply(i));
    }

    /** What the judged network's coefficients follow from on some rows; made afresh, as its memory is much and a solve is rare. */
    private CoefficientSystem.Equations equations(TrainingRows of, int count, long step, IntUnaryOperator row) {
        CoefficientSystem.Filler filler = (terms, sample, position, scratch, worker) -> fill(
                of,
                row.applyAsInt(position),
                position,
                step,
                scratch,
                terms.input(sample),
                k -> terms.direction(sample, k));
        return new CoefficientSystem(kernels, pool, judged, spec.objective(), count, false, filler).build();
    }

    @Override
    StepResult stepOnce() {
        float[] coefficients = network.coefficients();
        float[] before = coefficients.clone();
        int losses = differentiate(0, spec.batch());
        StepResult result = update.apply(batch.gradients(), lossSum / losses, losses);
        if (!result.isFinite()) {
            System.arraycopy(before, 0, coefficients, 0, before.length);
        }
        return result;
    }

    @Override
    Gradient gradientOf(int from, int to) {
        int losses = differentiate(from, to);
        return new Gradient(weights.flatten(batch.gradients()), lossSum, losses);
    }

    @Override
    float[][] gradients() {
        return batch.gradients();
    }

    /** Losses and gradient sum of those of some rows of the batch that are in its second half; how many. */
    private int differentiate(int from, int to) {
        float[][] gradient = batch.gradients();
        int count = Math.max(to - solved, 0) - Math.max(from - solved, 0);
        CoefficientSystem.Equations equations = system.build();
        double lambda = StrictMath.pow(10, weights.pieces()[weights.numbers()][weights.regularizer()]);
        CoefficientSolver solver = CoefficientSolver.of(equations.matrix(), lambda);
        lossSum = solver == null ? Double.NaN : 0;
        if (count == 0 || solver == null) {
            for (float[] piece : gradient) {
                Arrays.fill(piece, 0f);
            }
            // Says where to look.
            gradient[weights.coefficients()][0] = solver == null ? Float.NaN : 0f;
            return count;
        }
        double[] alpha = solver.minimum(equations.linear());
        float[] coefficients = network.coefficients();
        narrow(alpha, coefficients);
        offset = Math.max(from, solved);
        batch.gradient(count);
        lossSum = batch.lossSum(count);
        float[] slope = gradient[weights.coefficients()];
        double[] w = solver.solve(slope, alpha.length);
        narrow(w, direction);
        system.addGradient(coefficients, direction, gradient);
        double product = 0;
        for (int l = 0; l < alpha.length; l++) {
            product += w[l] * alpha[l];
        }
        gradient[weights.numbers()][weights.regularizer()] -= (float) (CoefficientSolver.LN_10 * lambda * product);
        Arrays.fill(slope, 0f);
        weights.complete(gradient);
        return count;
    }

    private static void narrow(double[] from, float[] to) {
        for (int l = 0; l < from.length; l++) {
            to[l] = (float) from[l];
        }
    }

    private void fill(ObjectivePass pass, int sample, int index, Scratch scratch, int worker) {
        fillOfBatch(offset + index, scratch, worker, pass.input(sample), k -> pass.direction(sample, k));
    }

    private void fill(CoefficientTerms terms, int sample, int position, Scratch scratch, int worker) {
        fillOfBatch(position, scratch, worker, terms.input(sample), k -> terms.direction(sample, k));
    }

    private void fillOfBatch(
            int position, Scratch scratch, int worker, float[] input, IntFunction<float[]> directions) {
        fill(rows, row(position, worker), position, update.step(), scratch, input, directions);
    }

    /** Fills the input of a row, and its random directions. */
    private void fill(
            TrainingRows of,
            int row,
            int position,
            long step,
            Scratch scratch,
            float[] input,
            IntFunction<float[]> directions) {
        of.copy(scratch.philox, spec.seed(), step, position, row, input);
        for (int k = 0; k < spec.objective().directions(); k++) {
            spec.objective().draw(scratch.philox, spec.seed(), position, k, step, directions.apply(k), of.dimension());
        }
    }

    /** {@inheritDoc} Coefficients are solved for on at most {@value #JUDGED} training rows, always the same. */
    @Override
    public Parameters parameters() {
        requireOpen();
        return settled(Parameters.of(energy, update.parameters()));
    }

    @Override
    public Parameters settled(Parameters parameters) {
        requireOpen();
        float[] values = parameters.toArray();
        judged.weights.load(values);
        CoefficientSystem.Equations equations = equations(rows, judgedRows.length, SOLVE_STEP, i -> judgedRows[i]);
        int at = energy.layout().tensor("log_regularizer").offset();
        CoefficientSolver solver = CoefficientSolver.of(equations.matrix(), StrictMath.pow(10, values[at]));
        double[] alpha = new double[energy.inducing()];
        if (solver == null) {
            Arrays.fill(alpha, Double.NaN);
        } else {
            alpha = solver.minimum(equations.linear());
        }
        return with(values, values[at], alpha);
    }

    private Parameters with(float[] values, float logRegularizer, double[] alpha) {
        values[energy.layout().tensor("log_regularizer").offset()] = logRegularizer;
        int first = energy.layout().tensor("coefficients").offset();
        for (int l = 0; l < alpha.length; l++) {
            values[first + l] = (float) alpha[l];
        }
        return Parameters.of(energy, values);
    }

    /**
     * {@inheritDoc} The regulariser is tuned on the held-out rows, if there are any, and coefficients are solved for on all training
     * rows. Where that cannot be done the parameters stay as they are.
     */
    @Override
    public Parameters finished(Parameters parameters, @Nullable TrainingRows validation) {
        requireOpen();
        float[] values = parameters.toArray();
        judged.weights.load(values);
        CoefficientSystem.Equations training = equations(rows, rows.rows(), SOLVE_STEP, i -> i);
        float logRegularizer = values[energy.layout().tensor("log_regularizer").offset()];
        if (validation != null) {
            CoefficientSystem.Equations held = equations(validation, validation.rows(), VALIDATION_STEP, i -> i);
            logRegularizer = (float) CoefficientSolver.tuned(training, held, logRegularizer);
        }
        CoefficientSolver solver = CoefficientSolver.of(training.matrix(), StrictMath.pow(10, logRegularizer));
        return solver == null ? parameters : with(values, logRegularizer, solver.minimum(training.linear()));
    }
}
