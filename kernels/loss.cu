// Losses of samples and the seeds of the reverse pass, one warp a sample. losses.cuh has the formulas.

#include "loss.h"

#include "losses.cuh"

namespace slicedscore {
namespace {

constexpr int WARPS = 4;

__device__ int sampleOf() {
    return static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
}

__device__ const float* noiseOf(const LossTerms& terms, const LossRows& rows, int sample) {
    return rows.noise == nullptr ? nullptr : rows.noise + static_cast<size_t>(sample) * pitchOf(terms.dimension);
}

struct SampleRows {
    const JetMatrix& matrix;
    int sample;

    __device__ float* operator()(int stream) const { return matrix.row(sample, stream); }
};

__global__ void __launch_bounds__(LANES* WARPS) lossKernel(const LossTerms terms, const LossRows rows, double* results, int samples) {
    const int sample = sampleOf();
    if (sample >= groupsOf(samples) * GROUP) {
        return;
    }
    const SampleRows seeds{rows.seeds, sample};
    if (sample >= samples) {
        const int width = terms.energy ? 1 : terms.dimension;
        for (int stream = 0; stream < rows.seeds.streams; ++stream) {
            for (int i = lane(); i < width; i += LANES) {
                seeds(stream)[i] = 0.0f;
            }
        }
        return;
    }
    const SampleRows input{rows.input, sample};
    const SampleRows output{rows.output, sample};
    const double loss = terms.energy ? losses::energy(terms, input, output, seeds)
                                     : losses::score(terms, input, output, seeds, noiseOf(terms, rows, sample));
    if (lane() == 0) {
        results[sample] = loss;
    }
}

__global__ void __launch_bounds__(LANES* WARPS) residualKernel(const LossTerms terms, const LossRows rows, const JetMatrix gradient, int samples) {
    const int sample = sampleOf();
    if (sample < samples) {
        losses::residual(terms, gradient.row(sample, 0), rows.input.row(sample, 0), noiseOf(terms, rows, sample),
                         rows.input.row(sample, 1 + terms.slices));
    }
}

cudaLaunchConfig_t configOf(int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(groupsOf(samples) * GROUP) + WARPS - 1) / WARPS);
    config.blockDim = dim3(LANES, WARPS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchLoss(const LossTerms& terms, const LossRows& rows, double* losses, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    return cudaLaunchKernelEx(&config, lossKernel, terms, rows, losses, samples);
}

cudaError_t launchResidual(const LossTerms& terms, const LossRows& rows, const JetMatrix& gradient, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    return cudaLaunchKernelEx(&config, residualKernel, terms, rows, gradient, samples);
}

}  // namespace slicedscore
