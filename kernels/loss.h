// Losses of samples and the seeds of the reverse pass. See loss.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"

namespace slicedscore {

struct ScoreLoss {
    JetMatrix input;   // x and the slices
    JetMatrix output;  // s and J v_m
    JetMatrix seeds;
    int dimension;
    int slices;
    double weight;        // of a slice: 1 / M, or 1 for the exact trace
    bool projected;       // (v.s)^2 in place of |s|^2
    const float* noise;   // e of denoising, [samples][pitchOf(dimension)]; null for none
    double inverseSigma;
};

struct EnergyLoss {
    JetMatrix input;
    JetMatrix output;
    JetMatrix seeds;
    int dimension;
    int slices;  // curved tangents
    double weight;
    bool residual;  // the tangent behind the slices is u; otherwise the loss has (v.s)^2
    double basePrecision;
};

// u = grad net - x / s0^2 + e / sigma, held fixed, as one more tangent of the input.
struct Residual {
    JetMatrix gradient;  // of the network in its input, from the plain pass
    JetMatrix input;
    int dimension;
    int tangent;
    double basePrecision;
    const float* noise;  // null for none
    double inverseSigma;
};

// Samples that only pad the last group get zero seeds.
cudaError_t launchScoreLoss(const ScoreLoss& loss, double* losses, int samples, cudaStream_t stream);
cudaError_t launchEnergyLoss(const EnergyLoss& loss, double* losses, int samples, cudaStream_t stream);
cudaError_t launchResidual(const Residual& residual, int samples, cudaStream_t stream);

}  // namespace slicedscore
