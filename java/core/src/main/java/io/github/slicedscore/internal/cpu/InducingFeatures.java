package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.DeepKernelEnergy;
import java.util.Arrays;

/**
 * The inducing points' features, psi_rl = phi_r(z_l), in the kernels of a {@link DeepKernelNetwork}, and the way back from their
 * gradient to that of the perceptrons, the skips and the points. Once a batch, whatever its rows.
 */
final class InducingFeatures {
    private final int kernels;
    private final int features;
    private final int points;
    private final int dimension;
    private final MlpBlock[] blocks;
    private final GaussianKernel[] gaussians;
    /** Of the perceptrons and the skips. */
    private final JetBuffers[] jets;
    /** phi_r of all points. */
    private final float[][] psi;

    private final Scratch scratch;
    private boolean forward;

    /**
     * Features of points.
     *
     * @param kernels what computes
     * @param energy how many
     * @param blocks perceptrons, one for each kernel, and the skips of all
     * @param gaussians the kernels
     */
    InducingFeatures(Kernels kernels, DeepKernelEnergy energy, MlpBlock[] blocks, GaussianKernel[] gaussians) {
        this.kernels = energy.kernels();
        this.features = energy.features();
        this.points = energy.inducing();
        this.dimension = energy.dimension();
        this.blocks = blocks;
        this.gaussians = gaussians;
        jets = new JetBuffers[this.kernels + 1];
        int widest = 0;
        for (int b = 0; b < jets.length; b++) {
            jets[b] = blocks[b].buffers(JetShape.VALUE, points, Reverse.INPUT);
            widest = Math.max(widest, blocks[b].weights().shape.widest());
        }
        psi = new float[points][features];
        scratch = kernels.scratch(widest, points);
    }

    /** Gives the kernels what follows from all other parameters. */
    void renew(DeepKernelWeights weights) {
        forward(weights);
        float[] numbers = weights.pieces()[weights.numbers()];
        double[] mixture = mixture(numbers, kernels);
        for (int r = 0; r < kernels; r++) {
            for (int l = 0; l < points; l++) {
                float[] own = jets[r].output[l];
                float[] skip = jets[kernels].output[l];
                for (int k = 0; k < features; k++) {
                    psi[l][k] = own[k] + skip[r * features + k];
                }
            }
            gaussians[r].load(psi, mixture[r], StrictMath.pow(10, numbers[r]));
        }
    }

    /** rho: softmax of the mixture logits, which stand behind the bandwidths. */
    static double[] mixture(float[] numbers, int kernels) {
        double[] mixture = new double[kernels];
        double most = Double.NEGATIVE_INFINITY;
        for (int r = 0; r < kernels; r++) {
            most = Math.max(most, numbers[kernels + r]);
        }
        double sum = 0;
        for (int r = 0; r < kernels; r++) {
            mixture[r] = StrictMath.exp(numbers[kernels + r] - most);
            sum += mixture[r];
        }
        for (int r = 0; r < kernels; r++) {
            mixture[r] /= sum;
        }
        return mixture;
    }

    private void forward(DeepKernelWeights weights) {
        float[] z = weights.pieces()[weights.points()];
        for (int b = 0; b < jets.length; b++) {
            for (int l = 0; l < points; l++) {
                System.arraycopy(z, l * dimension, jets[b].input[l], 0, dimension);
            }
            blocks[b].forward(jets[b], 0, points, false, scratch);
        }
        forward = true;
    }

    /** See {@link Weights#complete}. */
    void complete(DeepKernelWeights weights, float[][] gradient) {
        if (!forward) {
            forward(weights);
        }
        for (int r = 0; r < kernels; r++) {
            float[][] pieces = weights.of(kernels + 1 + r, gradient);
            gaussians[r].psiAdjoint(pieces, jets[r].outputAdjoint, 0);
            gaussians[r].psiAdjoint(pieces, jets[kernels].outputAdjoint, r * features);
            for (float[] piece : pieces) {
                Arrays.fill(piece, 0f);
            }
        }
        float[] z = gradient[weights.points()];
        for (int b = 0; b < jets.length; b++) {
            blocks[b].reverse(jets[b], 0, points, scratch);
            for (Weights.Chunk chunk : blocks[b].weights().chunks()) {
                blocks[b].weightGradient(jets[b], points, chunk, true, gradient, -weights.first(b), scratch);
            }
            for (int l = 0; l < points; l++) {
                float[] adjoint = jets[b].inputAdjoint[l];
                for (int i = 0; i < dimension; i++) {
                    z[l * dimension + i] += adjoint[i];
                }
            }
        }
        forward = false;
        clearBias(blocks[kernels].weights(), weights.first(kernels), gradient);
    }

    /** The skips have none. */
    private static void clearBias(MlpWeights skips, int first, float[][] gradient) {
        int in = skips.shape.widths[0];
        for (int o = 0; o < skips.shape.widths[1]; o++) {
            gradient[first + skips.piece(0, in, o)][skips.index(0, in, o)] = 0f;
        }
    }
}
