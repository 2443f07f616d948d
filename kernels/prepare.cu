// The input rows of a batch, one warp a sample or a slice of it:
//
//   x   <- row perm(seed, step, position) of the data, or row `position` of a batch,
//          + halfWidth (2u - 1), + smoothing e', and for denoising + sigma e
//   v_m <- the slices
//
// Java twins: io.github.slicedscore.data.TrainingRows and objective.Slices. Every number is a function of (seed, step,
// position), so it does not matter which thread draws it.

#include "prepare.h"

#include "permutation.h"
#include "philox.cuh"
#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int WARP = 32;
constexpr int WARPS = 4;
constexpr int MAX_SLICE_BLOCKS = 65535;  // a grid's second dimension
constexpr int SIGNS = 128;  // in one draw

struct Draw {
    uint64_t seed;
    uint32_t position;
    uint32_t step;

    __device__ float4 normals(RandomStream stream, int slice, int block) const {
        return slicedscore::normals(philox(seed, position, static_cast<uint32_t>(block), stream, static_cast<uint32_t>(slice), step));
    }
};

__device__ float component(const float4& four, int index) {
    return index < 2 ? (index == 0 ? four.x : four.y) : (index == 2 ? four.z : four.w);
}

__device__ int laneOf() {
    return static_cast<int>(threadIdx.x);
}

// Calls with every feature of this lane's blocks of four, and with the block's normal numbers.
template <typename Body>
__device__ void eachNormal(const Draw& draw, RandomStream stream, int slice, int dimension, const Body& body) {
    for (int block = laneOf(); 4 * block < dimension; block += WARP) {
        const float4 four = draw.normals(stream, slice, block);
        for (int i = 0; i < 4 && 4 * block + i < dimension; ++i) {
            body(4 * block + i, component(four, i));
        }
    }
}

// The uniform noise that undoes rounding. The sum is taken in double precision, as in Java.
__device__ void dequantize(const Draw& draw, const float* halfWidths, float* x, int dimension) {
    for (int block = laneOf(); 4 * block < dimension; block += WARP) {
        const Words words = philox(draw.seed, draw.position, static_cast<uint32_t>(block), RandomStream::Dequantization, 0, draw.step);
        const uint32_t four[4] = {words.x, words.y, words.z, words.w};
        for (int i = 0; i < 4 && 4 * block + i < dimension; ++i) {
            const int feature = 4 * block + i;
            const Uniform u = uniform(four[i]);
            const double centred = 2.0 * u.value + (u.isBelowHalf ? -1.0 : 1.0);
            x[feature] = static_cast<float>(x[feature] + halfWidths[feature] * centred);
        }
    }
}

__device__ void drawSlice(const Draw& draw, Directions directions, int slice, float* v, int dimension) {
    if (directions == Directions::Rademacher) {
        for (int block = 0; SIGNS * block < dimension; ++block) {
            const Words words = philox(draw.seed, draw.position, static_cast<uint32_t>(block), RandomStream::Slices,
                                       static_cast<uint32_t>(slice), draw.step);
            for (int i = laneOf(); i < SIGNS && SIGNS * block + i < dimension; i += WARP) {
                v[SIGNS * block + i] = sign(words, i);
            }
        }
        return;
    }
    double square = 0.0;
    eachNormal(draw, RandomStream::Slices, slice, dimension, [&](int i, float e) {
        v[i] = e;
        square += static_cast<double>(e) * e;
    });
    if (directions == Directions::Sphere) {
        const double scale = sqrt(dimension / warpSum(square));
        for (int block = laneOf(); 4 * block < dimension; block += WARP) {
            for (int i = 4 * block; i < 4 * block + 4 && i < dimension; ++i) {
                v[i] = static_cast<float>(v[i] * scale);
            }
        }
    }
}

__device__ void unitSlice(int slice, float* v, int dimension) {
    for (int i = laneOf(); i < dimension; i += WARP) {
        v[i] = i == slice ? 1.0f : 0.0f;
    }
}

// The plain pass gets what the jets get. The barrier lets lanes read what others wrote.
__device__ void copyPlain(const InputRows& target, int sample) {
    if (target.plain == nullptr) {
        return;
    }
    __syncwarp();
    const float* x = target.input.row(sample, 0);
    for (int i = laneOf(); i < target.dimension + target.conditions; i += WARP) {
        target.plain[static_cast<size_t>(sample) * target.input.pitch + i] = x[i];
    }
}

__device__ float* noiseRow(const InputRows& target, int sample) {
    return target.noise + static_cast<size_t>(sample) * pitchOf(target.dimension);
}

__global__ void __launch_bounds__(WARP* WARPS) drawRowsKernel(const RunRows source, const InputRows target, int offset, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const int dimension = target.dimension;
    const int width = dimension + target.conditions;
    const int64_t step = source.state->step;
    const int position = offset + sample;
    const Draw draw{source.seed, static_cast<uint32_t>(position), static_cast<uint32_t>(step)};
    const int64_t index = source.staged ? position : batchRow(source.seed, source.count, source.batch, step, position);
    const float* row = source.rows + static_cast<size_t>(index) * width;
    float* const x = target.input.row(sample, 0);
    // Feature i belongs to lane i / 4 % 32 in each of these passes, so a lane reads only what it wrote.
    for (int block = laneOf(); 4 * block < width; block += WARP) {
        for (int i = 4 * block; i < 4 * block + 4 && i < width; ++i) {
            x[i] = row[i];
        }
    }
    if (source.dequantizes) {
        dequantize(draw, source.halfWidths, x, dimension);
    }
    if (source.smoothing > 0.0f) {
        eachNormal(draw, RandomStream::Smoothing, 0, dimension, [&](int i, float e) { x[i] = x[i] + source.smoothing * e; });
    }
    if (target.noise != nullptr) {
        float* const noise = noiseRow(target, sample);
        eachNormal(draw, RandomStream::Noise, 0, dimension, [&](int i, float e) {
            noise[i] = e;
            x[i] = x[i] + target.sigma * e;
        });
    }
    copyPlain(target, sample);
}

__global__ void __launch_bounds__(WARP* WARPS) drawSlicesKernel(const RunRows source, const InputRows target, int offset, int samples) {
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

__global__ void __launch_bounds__(WARP* WARPS) prepareGivenKernel(const float* inputs, const float* slices, const InputRows target, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const int dimension = target.dimension;
    const int width = dimension + target.conditions;
    float* const x = target.input.row(sample, 0);
    for (int i = laneOf(); i < width; i += WARP) {
        x[i] = inputs[static_cast<size_t>(sample) * width + i];
    }
    if (target.noise != nullptr) {
        float* const noise = noiseRow(target, sample);
        for (int i = laneOf(); i < dimension; i += WARP) {
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
        for (int i = laneOf(); i < dimension; i += WARP) {
            v[i] = given[i];
        }
    }
    copyPlain(target, sample);
}

// Samples that only pad the last group are all zero, whatever a longer batch has left there: what is computed from them is finite
// then, and their zero seeds add nothing to a gradient. A kernel of its own, because the others would spill registers.
__global__ void __launch_bounds__(WARP* GROUP) clearPaddingKernel(const InputRows target, int samples) {
    const int sample = samples + static_cast<int>(threadIdx.y);
    if (sample >= groupsOf(samples) * GROUP) {
        return;
    }
    const int pitch = target.input.pitch;
    for (int stream = 0; stream < target.input.streams; ++stream) {
        float* const row = target.input.row(sample, stream);
        for (int i = laneOf(); i < pitch; i += WARP) {
            row[i] = 0.0f;
        }
    }
    for (int i = laneOf(); target.plain != nullptr && i < pitch; i += WARP) {
        target.plain[static_cast<size_t>(sample) * pitch + i] = 0.0f;
    }
}

cudaError_t clearPadding(const InputRows& target, int samples, cudaStream_t stream) {
    if (samples % GROUP == 0) {
        return cudaSuccess;
    }
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(1);
    config.blockDim = dim3(WARP, GROUP);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, clearPaddingKernel, target, samples);
}

cudaLaunchConfig_t configOf(int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(samples) + WARPS - 1) / WARPS);
    config.blockDim = dim3(WARP, WARPS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchPrepareRun(const RunRows& source, const InputRows& target, int offset, int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config = configOf(samples, stream);
    cudaError_t result = clearPadding(target, samples, stream);
    if (result == cudaSuccess) {
        result = cudaLaunchKernelEx(&config, drawRowsKernel, source, target, offset, samples);
    }
    if (result != cudaSuccess || target.slices == 0) {
        return result;
    }
    config.gridDim.y = static_cast<unsigned>(target.slices < MAX_SLICE_BLOCKS ? target.slices : MAX_SLICE_BLOCKS);
    return cudaLaunchKernelEx(&config, drawSlicesKernel, source, target, offset, samples);
}

cudaError_t launchPrepareGiven(const float* inputs, const float* slices, const InputRows& target, int samples,
                               cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    const cudaError_t result = clearPadding(target, samples, stream);
    return result != cudaSuccess ? result : cudaLaunchKernelEx(&config, prepareGivenKernel, inputs, slices, target, samples);
}

}  // namespace slicedscore
