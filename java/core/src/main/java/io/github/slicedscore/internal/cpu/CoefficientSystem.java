package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.Objective;
import java.util.Arrays;

/**
 * The mean loss of some rows as a function of a network's coefficients, alpha.G alpha / 2 + b.alpha and a constant: from
 * {@link CoefficientTerms}, in groups of rows over a worker pool, whose sums are taken in an order that depends on the sizes alone.
 */
final class CoefficientSystem {
    /** Fills the input and the random directions of a row. */
    interface Filler {
        /**
         * Called from any thread.
         *
         * @param terms whose rows are to be filled
         * @param sample number of the row there
         * @param position number of the row in all
         * @param scratch memory of the calling thread
         * @param worker number of the calling thread
         */
        void fill(CoefficientTerms terms, int sample, int position, Scratch scratch, int worker);
    }

    /** Rows of all streams that go through the network together. */
    private static final int BLOCK_ROWS = 128;

    private static final int FEWEST_GROUPS = 4;
    private static final int MOST_GROUPS = 8;

    /** Coefficients whose products are made together, of which there are no more than those up to them. */
    private static final int STRIPE = 40;

    private final PlainKernels products = new PlainKernels();
    private final WorkerPool pool;
    private final Weights weights;
    private final int points;
    private final Filler filler;
    private final int rows;
    private final int blockSamples;
    private final int groupBlocks;
    private final int blocks;
    private final int groups;
    /** By block where a reverse pass needs them, else by worker. */
    private final CoefficientTerms[] terms;

    private final boolean kept;
    private final Scratch[] scratch;
    /** Of a block, by worker: its products, those up to the diagonal and some more, and its linear part. */
    private final float[][][] blockProducts;

    private final float[][] blockLinear;
    /** Of a group, up to the diagonal. */
    private final double[][][] groupProducts;

    private final double[][] groupLinear;
    private final float[][][] gradients;
    private final WorkerPool.Phase forwardPhase = this::runGroup;
    private final WorkerPool.Phase reversePhase = this::reverseBlock;
    private final WorkerPool.Phase addPhase = this::addChunk;
    private float[] alpha = {};
    private float[] w = {};
    private float[][] gradient = {};

    private final Equations equations;

    /**
     * What the coefficients follow from.
     *
     * @param matrix G
     * @param linear b
     */
    record Equations(double[][] matrix, double[] linear) {
        /** Bytes of the matrix. */
        static double bytes(int points) {
            return (double) Double.BYTES * points * points;
        }
    }

    /** Bytes of the matrices of a system of many rows, its equations' included. */
    static double bytes(int points) {
        return (MOST_GROUPS / 2.0 + 1) * Equations.bytes(points);
    }

    /**
     * A system.
     *
     * @param kernels what computes
     * @param pool who does
     * @param network whose coefficients
     * @param objective the loss
     * @param rows how many rows
     * @param reverse whether gradients are wanted: then all rows' streams are kept
     * @param filler fills the rows
     */
    CoefficientSystem(
            Kernels kernels,
            WorkerPool pool,
            DeepKernelNetwork network,
            Objective objective,
            int rows,
            boolean reverse,
            Filler filler) {
        this.pool = pool;
        this.weights = network.weights;
        this.points = network.points;
        this.filler = filler;
        this.rows = rows;
        this.kept = reverse;
        int perSample = CoefficientTerms.of(network, objective, 1, false).rowsPerSample();
        blockSamples = BatchGradient.blockSamples(BLOCK_ROWS, perSample, BatchGradient.parts(rows, FEWEST_GROUPS));
        blocks = BatchGradient.parts(rows, blockSamples);
        groupBlocks = BatchGradient.parts(blocks, MOST_GROUPS);
        groups = BatchGradient.parts(blocks, groupBlocks);
        int threads = pool.threads();
        terms = new CoefficientTerms[reverse ? blocks : threads];
        Arrays.setAll(terms, i -> CoefficientTerms.of(network, objective, blockSamples, reverse));
        scratch = new Scratch[threads];
        Arrays.setAll(scratch, i -> kernels.scratch(network.widest(), Math.max(BLOCK_ROWS, perSample)));
        blockProducts = new float[threads][points][];
        for (float[][] products : blockProducts) {
            Arrays.setAll(products, k -> new float[stripeEnd(k)]);
        }
        blockLinear = new float[threads][points];
        groupProducts = new double[groups][points][];
        for (double[][] products : groupProducts) {
            Arrays.setAll(products, k -> new double[k + 1]);
        }
        groupLinear = new double[groups][points];
        gradients = new float[reverse ? blocks : 0][][];
        Arrays.setAll(gradients, i -> weights.newPieces());
        equations = new Equations(new double[points][points], new double[points]);
    }

    /** One past the last coefficient whose products are made together with one's. */
    private int stripeEnd(int k) {
        return Math.min(k / STRIPE * STRIPE + STRIPE, points);
    }

    /** The equations for the network's parameters as they are; they change at the next call. */
    Equations build() {
        pool.run(forwardPhase, groups);
        double factor = terms[0].weight / rows;
        double[][] matrix = equations.matrix;
        double[] linear = equations.linear;
        for (int k = 0; k < points; k++) {
            double[] sum = matrix[k];
            Arrays.fill(sum, 0, k + 1, 0);
            linear[k] = 0;
            for (int group = 0; group < groups; group++) {
                add(groupProducts[group][k], sum, k + 1);
                linear[k] += groupLinear[group][k];
            }
            linear[k] /= rows;
            for (int l = 0; l <= k; l++) {
                sum[l] *= factor;
                matrix[l][k] = sum[l];
            }
        }
        return equations;
    }

    private void runGroup(int group, int worker) {
        boolean fresh = true;
        for (int block = group * groupBlocks; block < Math.min((group + 1) * groupBlocks, blocks); block++) {
            CoefficientTerms of = terms[kept ? block : worker];
            int count = count(block);
            for (int n = 0; n < count; n++) {
                filler.fill(of, n, block * blockSamples + n, scratch[worker], worker);
            }
            float[][] sums = blockProducts[worker];
            float[] sum = blockLinear[worker];
            for (int round = 0; round < of.rounds(); round++) {
                of.forward(round, count, scratch[worker]);
                Arrays.fill(sum, 0f);
                of.addLinear(round, count, sum);
                for (int from = 0; from < points; from += STRIPE) {
                    int to = stripeEnd(from);
                    for (int k = from; k < to; k++) {
                        Arrays.fill(sums[k], 0, to, 0f);
                    }
                    products.multiplyTransposed(of.first, of.first, sums, from, to, 0, count * of.perSample, to);
                }
                for (int k = 0; k < points; k++) {
                    groupLinear[group][k] = (fresh ? 0 : groupLinear[group][k]) + sum[k];
                    take(sums[k], groupProducts[group][k], fresh, k + 1);
                }
                fresh = false;
            }
        }
    }

    private static void take(float[] x, double[] sum, boolean fresh, int count) {
        if (fresh) {
            for (int l = 0; l < count; l++) {
                sum[l] = x[l];
            }
        } else {
            for (int l = 0; l < count; l++) {
                sum[l] += x[l];
            }
        }
    }

    private static void add(double[] x, double[] sum, int count) {
        for (int l = 0; l < count; l++) {
            sum[l] += x[l];
        }
    }

    private int count(int block) {
        return Math.min(blockSamples, rows - block * blockSamples);
    }

    /**
     * Adds the gradient in all other parameters of u.alpha for the coefficients that minimise the mean loss with a regulariser, after
     * {@link #build}; see {@link CoefficientTerms#reverse}.
     *
     * @param newAlpha the coefficients
     * @param newW (G + lambda)^-1 u
     * @param sum as pieces
     */
    void addGradient(float[] newAlpha, float[] newW, float[][] sum) {
        alpha = newAlpha;
        w = newW;
        gradient = sum;
        pool.run(reversePhase, blocks);
        pool.run(addPhase, weights.chunks().size());
    }

    private void reverseBlock(int block, int worker) {
        CoefficientTerms of = terms[block];
        int count = count(block);
        for (int round = 0; round < of.rounds(); round++) {
            if (of.rounds() > 1) {
                of.forward(round, count, scratch[worker]);
            }
            of.reverse(round, count, alpha, w, rows, scratch[worker]);
            for (Weights.Chunk chunk : weights.chunks()) {
                of.weightGradient(count, chunk, round > 0, gradients[block], scratch[worker]);
            }
        }
    }

    private void addChunk(int chunk, int worker) {
        Weights.Chunk pieces = weights.chunks().get(chunk);
        for (int piece = pieces.from(); piece < pieces.to(); piece++) {
            for (int block = 0; block < blocks; block++) {
                Weights.add(gradients[block][piece], gradient[piece]);
            }
        }
    }
}
