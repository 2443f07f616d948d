// The input rows of a batch, one warp a sample or a slice of it:
//
//   x   <- row perm(seed, step, position) of the data, or row `position` of a batch,
//          + halfWidth (2u - 1), + smoothing e', and for denoising + sigma e
//   v_m <- the slices
//
// draw.cuh does the drawing.

#include "prepare.h"

#include "draw.cuh"

namespace slicedscore {
namespace {

using draw::Draw;
using draw::drawSample;
using draw::drawSlice;
using draw::unitSlice;

constexpr int WARPS = 4;
constexpr int MAX_SLICE_BLOCKS = 65535;  // a grid's second dimension

// The plain pass gets what the jets get. The barrier lets lanes read what others wrote.
__device__ void copyPlain(const InputRows& target, int sample) {
    if (target.plain == nullptr) {
        return;
    }
    __syncwarp();
    const float* x = target.input.row(sample, 0);
    for (int i = lane(); i < target.dimension + target.conditions; i += LANES) {
        target.plain[static_cast<size_t>(sample) * target.input.pitch + i] = x[i];
    }
}

__device__ float* noiseRow(const InputRows& target, int sample) {
    return target.noise + static_cast<size_t>(sample) * pitchOf(target.dimension);
}

__global__ void __launch_bounds__(LANES* WARPS) drawRowsKernel(const RunRows source, const InputRows target, int offset, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const int dimension = target.dimension;
    const int width = dimension + target.conditions;
    const int position = offset + sample;
    const Draw draw{source.seed, static_cast<uint32_t>(position), static_cast<uint32_t>(source.state->step)};
    drawSample(source, draw, position, width, dimension, target.sigma, target.input.row(sample, 0),
               target.noise == nullptr ? nullptr : noiseRow(target, sample));
    copyPlain(target, sample);
}

__global__ void __launch_bounds__(LANES* WARPS) drawSlicesKernel(const RunRows source, const InputRows target, int offset, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const Draw draw{source.seed, static_cast<uint32_t>(offset + sample), static_cast<uint32_t>(source.state->step)};
    for (int m = static_cast<int>(blockIdx.y); m < target.slices; m += static_cast<int>(gridDim.y)) {
        float* const v = target.input.row(sample, 1 + m);
        if (target.directions == Directions::Unit) {
            unitSlice(m, v, target.dimension);
        } else {
            drawSlice(draw, target.directions, m, v, target.dimension);
        }
    }
}

__global__ void __launch_bounds__(LANES* WARPS) prepareGivenKernel(const float* inputs, const float* slices, const InputRows target, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const int dimension = target.dimension;
    const int width = dimension + target.conditions;
    float* const x = target.input.row(sample, 0);
    for (int i = lane(); i < width; i += LANES) {
        x[i] = inputs[static_cast<size_t>(sample) * width + i];
    }
    if (target.noise != nullptr) {
        float* const noise = noiseRow(target, sample);
        for (int i = lane(); i < dimension; i += LANES) {
            noise[i] = slices[static_cast<size_t>(sample) * dimension + i];
            x[i] = x[i] + target.sigma * noise[i];
        }
    }
    for (int m = 0; m < target.slices; ++m) {
        float* const v = target.input.row(sample, 1 + m);
        if (target.directions == Directions::Unit) {
            unitSlice(m, v, dimension);
            continue;
        }
        const float* given = slices + (static_cast<size_t>(m) * samples + sample) * dimension;
        for (int i = lane(); i < dimension; i += LANES) {
            v[i] = given[i];
        }
    }
    copyPlain(target, sample);
}

// Samples that only pad the last group are all zero, whatever a longer batch has left there: what is computed from them is finite
// then, and their zero seeds add nothing to a gradient. A kernel of its own, because the others would spill registers.
__global__ void __launch_bounds__(LANES* GROUP) clearPaddingKernel(const InputRows target, int samples) {
    const int sample = samples + static_cast<int>(threadIdx.y);
    if (sample >= groupsOf(samples) * GROUP) {
        return;
    }
    const int pitch = target.input.pitch;
    for (int stream = 0; stream < target.input.streams; ++stream) {
        float* const row = target.input.row(sample, stream);
        for (int i = lane(); i < pitch; i += LANES) {
            row[i] = 0.0f;
        }
    }
    for (int i = lane(); target.plain != nullptr && i < pitch; i += LANES) {
        target.plain[static_cast<size_t>(sample) * pitch + i] = 0.0f;
    }
}

cudaError_t clearPadding(const InputRows& target, int samples, cudaStream_t stream) {
    if (samples % GROUP == 0) {
        return cudaSuccess;
    }
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(1);
    config.blockDim = dim3(LANES, GROUP);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, clearPaddingKernel, target, samples);
}

cudaLaunchConfig_t configOf(int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(samples) + WARPS - 1) / WARPS);
    config.blockDim = dim3(LANES, WARPS);
    config.stream = stream;
    return config;
}

cudaError_t prepareRun(const BatchSource& source, const InputRows& target, cudaStream_t stream) {
    cudaLaunchConfig_t config = configOf(source.samples, stream);
    const cudaError_t result = cudaLaunchKernelEx(&config, drawRowsKernel, source.run, target, source.offset, source.samples);
    if (result != cudaSuccess || target.slices == 0) {
        return result;
    }
    config.gridDim.y = static_cast<unsigned>(target.slices < MAX_SLICE_BLOCKS ? target.slices : MAX_SLICE_BLOCKS);
    return cudaLaunchKernelEx(&config, drawSlicesKernel, source.run, target, source.offset, source.samples);
}

}  // namespace

cudaError_t launchPrepare(const BatchSource& source, const InputRows& target, cudaStream_t stream) {
    const cudaError_t result = clearPadding(target, source.samples, stream);
    if (result != cudaSuccess) {
        return result;
    }
    if (source.inputs == nullptr) {
        return prepareRun(source, target, stream);
    }
    const cudaLaunchConfig_t config = configOf(source.samples, stream);
    return cudaLaunchKernelEx(&config, prepareGivenKernel, source.inputs, source.slices, target, source.samples);
}

}  // namespace slicedscore
