// Inference of a small network in one launch: values, scores, products J v, the residuals of an energy's loss, or many steps of
// Langevin dynamics while the chains stay in a block's shared memory.
//
//   score network    s = net, J v = its tangent along v
//   energy           f = net - |x|^2 / (2 s0^2), s = grad net - x / s0^2, H v = grad (v.grad net) - v / s0^2
//   Langevin         x <- x + h/2 s(x) + sqrt(h) xi
//
// infer.cu says how the caller's units come in. Java twin: io.github.slicedscore.internal.cpu.CpuScorer.

#include <cstddef>

#include "fused.h"
#include "fused_fetch.cuh"
#include "fused_pass.cuh"
#include "losses.cuh"

namespace slicedscore {
namespace {

using fused::THREADS;
using fused::TileRow;
using fused::warpOf;
using fused::Workspace;


// Inputs of a sample in the network's units, by a warp.
template <Arithmetic ARITHMETIC>
__device__ void fetchSample(const Workspace<ARITHMETIC>& work, const FusedInference& inference, const BatchSource& source, int local, int sample) {
    const int dimension = inference.terms.dimension;
    const int width = inference.network.inputs();
    const Units& units = inference.units;
    const TileRow x = work.input(local, 0);
    float* const noise = inference.terms.inverseSigma > 0.0 ? work.noise(local, dimension) : nullptr;
    fused::fetchPoint(source, fused::drawOf(source, sample), sample, width, dimension, inference.sigma, x, noise);
    if (inference.directions != nullptr) {
        fused::copyRow(inference.directions + static_cast<size_t>(sample) * dimension, dimension, work.input(local, 1));
    }
    if (units.scale == nullptr) {
        return;
    }
    __syncwarp();
    for (int i = lane(); i < width; i += LANES) {
        x[i] = static_cast<float>((x[i] - units.shift[i]) / units.scale[i]);
    }
    for (int i = lane(); inference.directions != nullptr && i < dimension; i += LANES) {
        const TileRow v = work.input(local, 1);
        v[i] = static_cast<float>(v[i] / units.scale[i]);
    }
}

// Everything that is wanted of a sample, by a warp; `stream` is the one whose adjoint or output is the result.
template <Arithmetic ARITHMETIC>
__device__ void collect(const Workspace<ARITHMETIC>& work, const FusedInference& inference, int local, int sample, int stream) {
    const LossTerms& terms = inference.terms;
    const double* const scale = inference.units.scale;
    const TileRow base = work.input(local, stream);
    const float* const own = work.result(local, terms.energy ? 0 : stream);
    const size_t first = static_cast<size_t>(sample) * terms.dimension;
    for (int i = lane(); inference.results.scores != nullptr && i < terms.dimension; i += LANES) {
        const double value = own[i] - terms.basePrecision * base[i];
        inference.results.scores[first + i] = static_cast<float>(scale == nullptr ? value : value / scale[i]);
    }
    if (inference.results.residuals != nullptr) {
        const float* const noise = terms.inverseSigma > 0.0 ? work.noise(local, terms.dimension) : nullptr;
        losses::residual(terms, own, base, noise, inference.results.residuals + first);
    }
}

// f of a sample, before the way back takes its place.
template <Arithmetic ARITHMETIC>
__device__ void collectValue(const Workspace<ARITHMETIC>& work, const FusedInference& inference, int local, int sample) {
    const TileRow x = work.input(local, 0);
    const double square = warpSum(losses::laneDot(x, x, inference.terms.dimension));
    if (lane() == 0) {
        inference.results.values[sample] = static_cast<float>(
            *work.result(local, 0) - 0.5 * inference.terms.basePrecision * square - inference.units.logScale);
    }
}

// A step of a chain, by a warp. No fused multiply-adds, because Java has none.
template <Arithmetic ARITHMETIC>
__device__ void moveChain(const Workspace<ARITHMETIC>& work, const FusedInference& inference, int local, int sample, int64_t step) {
    const LossTerms& terms = inference.terms;
    const FusedLangevin& langevin = inference.langevin;
    const float2 size = langevin.sizes[step];
    const TileRow x = work.input(local, 0);
    const float* const own = work.result(local, 0);
    const draw::Draw random{langevin.seed, langevin.position + static_cast<uint32_t>(sample),
                            static_cast<uint32_t>(langevin.first + step + 1)};
    draw::eachNormal(random, RandomStream::Sampler, 0, terms.dimension, [&](int i, float noise) {
        const float score = static_cast<float>(own[i] - terms.basePrecision * x[i]);
        x[i] += size.x * score + size.y * noise;
    });
    if (step + 1 == langevin.steps) {
        __syncwarp();
        const int width = inference.network.inputs();
        for (int i = lane(); i < terms.dimension; i += LANES) {
            langevin.chains[static_cast<size_t>(sample) * width + i] = x[i];
        }
    }
}

// S - 1 directions.
template <Arithmetic ARITHMETIC, int S>
__global__ void __launch_bounds__(THREADS, 1) fusedInferenceKernel(const FusedInference inference, const BatchSource source) {
    if constexpr (ARITHMETIC != Arithmetic::Ffma && !HAS_TENSOR_CORES) {
        trap();
    } else {
        DYNAMIC_SHARED(unsigned char, shared);
        const Workspace<ARITHMETIC> work{shared, inference.memory, S};
        const int chunk = inference.memory.groups;
        const int first = static_cast<int>(blockIdx.x) * inference.groupsPerBlock;
        const int end = min(first + inference.groupsPerBlock, groupsOf(source.samples));
        const FusedResults& results = inference.results;
        const bool reverses = inference.terms.energy && (results.scores != nullptr || results.residuals != nullptr || inference.langevin.steps > 0);
        fused::clearPadding(work);
        fused::beginWeights(work, inference.network, inference.parameters);
        for (int group = first; group < end; group += chunk) {
            const int begin = group * GROUP;
            const int samples = min(min(chunk, end - group) * GROUP, source.samples - begin);
            __syncthreads();
            for (int local = warpOf(); local < samples; local += FUSED_WARPS) {
                fetchSample(work, inference, source, local, begin + local);
            }
            waitForCopies<1>();
            __syncthreads();
            for (int64_t step = 0; step < 1 || step < inference.langevin.steps; ++step) {
                const int activations =
                    fused::forward<ARITHMETIC, S>(work, inference.network, {S - 1, 0}, inference.parameters, chunk);
                for (int local = warpOf(); results.values != nullptr && local < samples; local += FUSED_WARPS) {
                    collectValue(work, inference, local, begin + local);
                }
                if (reverses) {
                    // f gives the score, and v.grad f gives H v.
                    const auto dz = work.tile(2);
                    for (int i = static_cast<int>(threadIdx.x); i < chunk * S * GROUP * fused::depthOf(ARITHMETIC); i += THREADS) {
                        const int row = i / fused::depthOf(ARITHMETIC);
                        const int feature = i % fused::depthOf(ARITHMETIC);
                        dz.store(row, feature, feature == 0 && row / GROUP % S == S - 1 ? 1.0f : 0.0f);
                    }
                    __syncthreads();
                    fused::reverse<ARITHMETIC, S>(work, inference.network, {S - 1, 0}, inference.parameters, chunk, activations,
                                                  {nullptr, false});
                }
                for (int local = warpOf(); local < samples; local += FUSED_WARPS) {
                    if (inference.langevin.steps > 0) {
                        moveChain(work, inference, local, begin + local, step);
                    } else {
                        collect(work, inference, local, begin + local, S - 1);
                    }
                }
                __syncthreads();
            }
        }
    }
}

using Kernel = void (*)(FusedInference, BatchSource);

template <int S>
Kernel kernelOf(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::Ffma:
            return fusedInferenceKernel<Arithmetic::Ffma, S>;
        case Arithmetic::Tf32x3:
            return fusedInferenceKernel<Arithmetic::Tf32x3, S>;
        case Arithmetic::Tf32:
            return fusedInferenceKernel<Arithmetic::Tf32, S>;
        case Arithmetic::Bf16:
            return fusedInferenceKernel<Arithmetic::Bf16, S>;
    }
    return nullptr;
}

Kernel kernelOf(Arithmetic arithmetic, const FusedInference& inference) {
    return inference.directions == nullptr ? kernelOf<1>(arithmetic) : kernelOf<2>(arithmetic);
}

}  // namespace

cudaError_t prepareFusedInference(Arithmetic arithmetic, int streams, int bytes) {
    return cudaFuncSetAttribute(streams == 1 ? kernelOf<1>(arithmetic) : kernelOf<2>(arithmetic),
                                cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
}

cudaError_t launchFusedInference(Arithmetic arithmetic, const FusedInference& inference, const BatchSource& source, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>((groupsOf(source.samples) + inference.groupsPerBlock - 1) / inference.groupsPerBlock));
    config.blockDim = dim3(THREADS);
    config.dynamicSmemBytes = static_cast<size_t>(inference.memory.bytes);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernelOf(arithmetic, inference), inference, source);
}

}  // namespace slicedscore
