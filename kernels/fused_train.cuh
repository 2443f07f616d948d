// Losses and gradients of a batch of a small network in one launch. A block takes its groups of samples, some at a time: draws
// them, passes forward, takes the loss and its seeds, passes back, and leaves its part of the gradient in global memory; adam.cu
// adds the parts.
//
// Java twins: io.github.slicedscore.internal.cpu.GroupedBatchGradient and ObjectivePass.

#pragma once

#include "fused.h"
#include "fused_fetch.cuh"
#include "fused_pass.cuh"
#include "fused_training_kernel.h"
#include "losses.cuh"

namespace slicedscore::fused {

// Input rows of a sample: x with its noise, the slices, and u.
template <Arithmetic ARITHMETIC>
__device__ void fetchSample(const Workspace<ARITHMETIC>& work, const FusedTraining& training, const BatchSource& source, int local, int sample) {
    const int dimension = training.terms.dimension;
    const draw::Draw random = drawOf(source, sample);
    fetchPoint(source, random, sample, training.network.inputs(), dimension, training.sigma, work.input(local, 0),
               training.denoises ? work.noise(local, dimension) : nullptr);
    for (int m = 0; m < training.terms.slices; ++m) {
        const TileRow v = work.input(local, 1 + m);
        if (training.directions == Directions::Unit) {
            draw::unitSlice(m, v, dimension);
        } else if (source.inputs == nullptr) {
            draw::drawSlice(random, training.directions, m, v, dimension);
        } else {
            copyRow(source.slices + (static_cast<size_t>(m) * source.samples + sample) * dimension, dimension, v);
        }
    }
    if (training.residuals != nullptr) {
        copyRow(training.residuals + static_cast<size_t>(sample) * dimension, dimension, work.input(local, 1 + training.terms.slices));
    }
}

// Losses of the samples, and their seeds; those of samples that only pad are zero already.
template <Arithmetic ARITHMETIC>
__device__ void takeLosses(const Workspace<ARITHMETIC>& work, const FusedTraining& training, int samples, double* results) {
    for (int local = warpOf(); local < samples; local += FUSED_WARPS) {
        const auto input = [&](int stream) { return work.input(local, stream); };
        const auto output = [&](int stream) { return work.result(local, stream); };
        const auto seeds = [&](int stream) { return work.seeds(local, stream); };
        const float* const noise = training.denoises ? work.noise(local, training.terms.dimension) : nullptr;
        const double loss = training.terms.energy ? losses::energy(training.terms, input, output, seeds)
                                                  : losses::score(training.terms, input, output, seeds, noise);
        if (lane() == 0) {
            results[local] = loss;
        }
    }
}

template <Arithmetic ARITHMETIC, int S>
__global__ void __launch_bounds__(THREADS, 1) fusedTrainingKernel(const FusedTraining training, const BatchSource source) {
    if constexpr (ARITHMETIC != Arithmetic::Ffma && !HAS_TENSOR_CORES) {
        trap();
    } else {
        DYNAMIC_SHARED(unsigned char, shared);
        const Workspace<ARITHMETIC> work{shared, training.memory, S};
        const int chunk = training.memory.groups;
        const int first = static_cast<int>(blockIdx.x) * training.groupsPerBlock;
        const int end = min(first + training.groupsPerBlock, groupsOf(source.samples));
        clearPadding(work);
        beginWeights(work, training.network, training.parameters);
        for (int group = first; group < end; group += chunk) {
            const int begin = group * GROUP;
            const int samples = min(min(chunk, end - group) * GROUP, source.samples - begin);
            __syncthreads();
            if (group > first && samples < chunk * GROUP) {
                clearPadding(work);
                __syncthreads();
            }
            for (int local = warpOf(); local < samples; local += FUSED_WARPS) {
                fetchSample(work, training, source, local, begin + local);
            }
            waitForCopies<1>();
            __syncthreads();
            const int activations = forward<ARITHMETIC, S>(work, training.network, training.shape, training.parameters, chunk);
            takeLosses(work, training, samples, training.losses + begin);
            if (training.partials != nullptr) {
                __syncthreads();
                seedAdjoints(work, training.network.outputs(), chunk, work.tile(2));
                __syncthreads();
                reverse<ARITHMETIC, S>(work, training.network, training.shape, training.parameters, chunk, activations,
                                              {training.partials + blockIdx.x * training.partStride, group > first});
            }
        }
    }
}

template <Arithmetic ARITHMETIC>
TrainingKernel trainingKernel(int streams) {
    constexpr TrainingKernel KERNELS[FUSED_STREAMS] = {fusedTrainingKernel<ARITHMETIC, 1>, fusedTrainingKernel<ARITHMETIC, 2>,
                                                       fusedTrainingKernel<ARITHMETIC, 3>, fusedTrainingKernel<ARITHMETIC, 4>};
    return KERNELS[streams - 1];
}

}  // namespace slicedscore::fused
