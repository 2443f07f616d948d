package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.DeepKernelEnergy;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A deep kernel exponential family, see {@link DeepKernelEnergy}: perceptrons and skips make features, {@link GaussianKernel}s of
 * them make kappa, and the coefficients f.
 *
 * <pre>f = alpha.kappa - P |x|^2 / 2        f1_m = alpha.kappa1_m - P v_m.x        f2 = alpha.kappa2 - P sum_m |v_m|^2</pre>
 */
final class DeepKernelNetwork extends Network {
    /** L. */
    final int points;

    /** P of the base. */
    final double precision;

    private final DeepKernelWeights parts;
    private final int kernels;
    private final int features;
    private final MlpBlock[] blocks;
    private final GaussianKernel[] gaussians;
    private final ConcurrentLinkedDeque<float[][]> idle = new ConcurrentLinkedDeque<>();

    private DeepKernelNetwork(
            DeepKernelEnergy energy, DeepKernelWeights weights, MlpBlock[] blocks, GaussianKernel[] gaussians) {
        super(energy, weights);
        this.parts = weights;
        this.blocks = blocks;
        this.gaussians = gaussians;
        kernels = energy.kernels();
        features = energy.features();
        points = energy.inducing();
        precision = 1 / (energy.base() * energy.base());
    }

    static DeepKernelNetwork of(Kernels kernels, DeepKernelEnergy energy) {
        int count = energy.kernels();
        MlpBlock[] blocks = new MlpBlock[2 * count + 1];
        GaussianKernel[] gaussians = new GaussianKernel[count];
        for (int r = 0; r < count; r++) {
            blocks[r] = kernels.block(new MlpShape(energy.widths(), energy.activation(), false, false));
            gaussians[r] = new GaussianKernel(kernels, energy.features(), energy.inducing());
            blocks[count + 1 + r] = gaussians[r].products;
        }
        int[] skips = {energy.dimension(), Math.multiplyExact(count, energy.features())};
        blocks[count] = kernels.block(new MlpShape(skips, energy.activation(), false, false));
        InducingFeatures inducing = new InducingFeatures(kernels, energy, blocks, gaussians);
        return new DeepKernelNetwork(energy, new DeepKernelWeights(energy, blocks, inducing), blocks, gaussians);
    }

    /** The parameters, as this network has them. */
    DeepKernelWeights parts() {
        return parts;
    }

    /** alpha, and zeros behind it. */
    float[] coefficients() {
        return parts.pieces()[parts.coefficients()];
    }

    @Override
    int widest() {
        int widest = 0;
        for (MlpBlock block : blocks) {
            widest = Math.max(widest, block.weights().shape.widest());
        }
        return widest;
    }

    @Override
    long streamedUnits() {
        long units = points;
        for (MlpBlock block : blocks) {
            units += block.weights().shape.streamedUnits();
        }
        return units;
    }

    @Override
    DeepKernelBuffers buffers(JetShape shape, int samples, Reverse reverse) {
        JetBuffers[] jets = new JetBuffers[blocks.length];
        GaussianKernel.Jets[] kernelJets = new GaussianKernel.Jets[kernels];
        for (int b = 0; b <= kernels; b++) {
            jets[b] = blocks[b].buffers(shape, samples, reverse);
        }
        for (int r = 0; r < kernels; r++) {
            kernelJets[r] = gaussians[r].buffers(shape, samples, reverse);
            jets[kernels + 1 + r] = kernelJets[r].products;
        }
        return new DeepKernelBuffers(jets, kernelJets, jets[kernels], points);
    }

    @Override
    void forward(NetworkBuffers streams, int from, int to, Scratch scratch) {
        DeepKernelBuffers buffers = (DeepKernelBuffers) streams;
        forwardKernels(buffers, from, to, scratch);
        int rows = buffers.shape.streams();
        float[] alpha = coefficients();
        for (int r = from * rows; r < to * rows; r++) {
            buffers.output()[r][0] = (float) product(buffers.kappa[r], alpha);
        }
        for (int n = from; n < to; n++) {
            GaussianBase.add(this, precision, buffers, n * rows);
        }
    }

    /** Runs samples from .. to-1 forward to kappa's streams. */
    void forwardKernels(DeepKernelBuffers buffers, int from, int to, Scratch scratch) {
        int first = from * buffers.shape.streams();
        int end = to * buffers.shape.streams();
        JetBuffers skips = buffers.blocks[kernels];
        blocks[kernels].forward(skips, from, to, false, scratch);
        for (int row = first; row < end; row++) {
            Arrays.fill(buffers.kappa[row], 0f);
        }
        for (int r = 0; r < kernels; r++) {
            JetBuffers jets = buffers.blocks[r];
            for (int row = first; row < end; row++) {
                System.arraycopy(buffers.input[row], 0, jets.input[row], 0, dimension);
            }
            blocks[r].forward(jets, from, to, false, scratch);
            GaussianKernel.Jets kernel = buffers.gaussians[r];
            for (int row = first; row < end; row++) {
                addFeatures(jets.output[row], skips.output[row], r * features, kernel.products.input[row]);
            }
            gaussians[r].forward(kernel, from, to, buffers.kappa, scratch);
        }
    }

    private void addFeatures(float[] own, float[] skip, int offset, float[] phi) {
        for (int k = 0; k < features; k++) {
            phi[k] = own[k] + skip[offset + k];
        }
    }

    @Override
    void reverse(NetworkBuffers streams, int from, int to, Scratch scratch) {
        DeepKernelBuffers buffers = (DeepKernelBuffers) streams;
        int rows = buffers.shape.streams();
        for (int r = from * rows; r < to * rows; r++) {
            buffers.seeds[r] = buffers.outputAdjoint()[r][0];
        }
        GaussianKernel.Seeds[] seeds = {new GaussianKernel.Seeds(buffers.seeds, coefficients())};
        reverseKernels(buffers, seeds, from, to, scratch);
        for (int n = from; n < to && buffers.inputAdjoint.length > 0; n++) {
            GaussianBase.addAdjoint(this, precision, buffers, n * rows);
        }
    }

    /**
     * Runs samples from .. to-1 backward from adjoints of kappa's streams.
     *
     * @param buffers after {@link #forwardKernels}
     * @param seeds whose sum the adjoints are
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    void reverseKernels(DeepKernelBuffers buffers, GaussianKernel.Seeds[] seeds, int from, int to, Scratch scratch) {
        int first = from * buffers.shape.streams();
        int end = to * buffers.shape.streams();
        JetBuffers skips = buffers.blocks[kernels];
        float[][] work = idle.pollFirst();
        if (work == null) {
            work = new float[GaussianKernel.WORK_ROWS][points];
        }
        for (int r = 0; r < kernels; r++) {
            GaussianKernel.Jets kernel = buffers.gaussians[r];
            gaussians[r].reverse(kernel, seeds, from, to, work, scratch);
            JetBuffers jets = buffers.blocks[r];
            for (int row = first; row < end; row++) {
                System.arraycopy(kernel.products.inputAdjoint[row], 0, jets.outputAdjoint[row], 0, features);
                System.arraycopy(
                        kernel.products.inputAdjoint[row], 0, skips.outputAdjoint[row], r * features, features);
            }
            blocks[r].reverse(jets, from, to, scratch);
        }
        idle.addFirst(work);
        blocks[kernels].reverse(skips, from, to, scratch);
        for (int r = 0; r < kernels && buffers.inputAdjoint.length > 0; r++) {
            for (int row = first; row < end; row++) {
                add(1f, buffers.blocks[r].inputAdjoint[row], buffers.inputAdjoint[row], dimension);
            }
        }
    }

    @Override
    double gradientBound(NetworkBuffers buffers, int from, int to) {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    void weightGradient(
            NetworkBuffers streams,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch) {
        DeepKernelBuffers buffers = (DeepKernelBuffers) streams;
        kernelGradient(buffers, samples, chunk, add, gradient, shift, scratch);
        if (chunk.from() == parts.coefficients()) {
            float[] sum = gradient[chunk.from() - shift];
            for (int row = 0; row < samples * buffers.shape.streams(); row++) {
                if (buffers.seeds[row] != 0) {
                    add(buffers.seeds[row], buffers.kappa[row], sum, points);
                }
            }
        }
    }

    /** As {@link #weightGradient}, but for the coefficients', which stays or becomes zero. */
    void kernelGradient(
            DeepKernelBuffers buffers,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch) {
        JoinedWeights.Place place = parts.place(chunk);
        if (place.part() < blocks.length) {
            blocks[place.part()].weightGradient(
                    buffers.blocks[place.part()],
                    samples,
                    place.chunk(),
                    add,
                    gradient,
                    shift - place.firstPiece(),
                    scratch);
            return;
        }
        float[] sum = gradient[chunk.from() - shift];
        if (!add) {
            Arrays.fill(sum, 0, parts.pieces()[chunk.from()].length, 0f);
        }
        if (chunk.from() == parts.numbers()) {
            addNumbers(buffers, samples, sum);
        }
    }

    /** d/db = ln 10 d/dlog h; through the softmax, d/dlogit_r = d/dlog rho_r - rho_r sum_s d/dlog rho_s. */
    private void addNumbers(DeepKernelBuffers buffers, int samples, float[] sum) {
        double[] mixture = InducingFeatures.mixture(parts.pieces()[parts.numbers()], kernels);
        double[] weights = new double[kernels];
        double all = 0;
        for (int r = 0; r < kernels; r++) {
            double width = 0;
            for (int n = 0; n < samples; n++) {
                weights[r] += buffers.gaussians[r].weightAdjoint[n];
                width += buffers.gaussians[r].widthAdjoint[n];
            }
            sum[r] += (float) (CoefficientSolver.LN_10 * width);
            all += weights[r];
        }
        for (int r = 0; r < kernels; r++) {
            sum[kernels + r] += (float) (weights[r] - mixture[r] * all);
        }
    }

    private static void add(float factor, float[] what, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] += factor * what[i];
        }
    }

    /** The sum of products of all of x and the first numbers of y, in four sums that do not wait for each other. */
    static double product(float[] x, float[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < x.length; i += 4) {
            s0 += (double) x[i] * y[i];
            s1 += (double) x[i + 1] * y[i + 1];
            s2 += (double) x[i + 2] * y[i + 2];
            s3 += (double) x[i + 3] * y[i + 3];
        }
        for (; i < x.length; i++) {
            s0 += (double) x[i] * y[i];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
