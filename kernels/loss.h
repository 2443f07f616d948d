// Losses of samples and the seeds of the reverse pass. See losses.cuh.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"

namespace slicedscore {

// What an objective adds up, from the streams of its network.
struct LossTerms {
    bool energy;
    int dimension;
    int slices;      // tangents that the loss has as such; of an energy, the curved ones
    double weight;   // of a slice: 1 / M, or 1 for the exact trace
    bool projected;  // a score network's (v.s)^2 in place of |s|^2
    bool residual;   // an energy's input stream behind the slices is u; otherwise its loss has (v.s)^2
    double basePrecision;
    double inverseSigma;  // of denoising, otherwise 0
};

struct LossRows {
    JetMatrix input;   // x, the slices and u
    JetMatrix output;  // s and J v_m; f, its derivatives along the slices and u, and f2
    JetMatrix seeds;
    const float* noise;  // e of denoising, [samples][pitchOf(dimension)]; null for none
};

// Samples that only pad the last group get zero seeds.
cudaError_t launchLoss(const LossTerms& terms, const LossRows& rows, double* losses, int samples, cudaStream_t stream);

// u into its stream of the input, from the network's gradient in its input by a plain pass.
cudaError_t launchResidual(const LossTerms& terms, const LossRows& rows, const JetMatrix& gradient, int samples, cudaStream_t stream);

}  // namespace slicedscore
