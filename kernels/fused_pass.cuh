// A block's passes through a network, over the groups of samples in its shared memory:
//
//   forward     z = W a + b by layers, with a = act(z) in two tiles by turns, and z kept for the way back
//   reverse     o = W^T dz, from which dz of the layer below follows element by element, and dW = dz^T a
//
// A thread keeps to the same features and samples on both ways, so what it kept of z lies as it pleases: a float4 a lane. On the
// way back, act and its derivatives are computed again from z, once, and give dz and the a that dW needs.
//
// Java twin: io.github.slicedscore.internal.cpu.MlpBlock.
#pragma once

#include "fused.h"
#include "fused_gradient.cuh"
#include "fused_product.cuh"
#include "fused_tile.cuh"
#include "jet.cuh"

namespace slicedscore::fused {

// A block's memory by its parts.
template <Arithmetic ARITHMETIC>
struct Workspace {
    unsigned char* base;
    const FusedMemory& memory;
    int streams;  // of every sample; a pass may use the first only

    __device__ Tile<ARITHMETIC> tile(int index) const {
        return {reinterpret_cast<unsigned*>(base + memory.tiles[index]), memory.tilePitch};
    }
    __device__ int rowOf(int sample, int stream) const { return (sample / GROUP * streams + stream) * GROUP + sample % GROUP; }
    __device__ TileRow input(int sample, int stream) const {
        const int row = rowOf(sample, stream);
        return {floats(memory.input) + row * memory.inputPitch, permutation(row)};
    }
    __device__ float* result(int sample, int stream) const { return floats(memory.result) + rowOf(sample, stream) * memory.resultPitch; }
    __device__ float* seeds(int sample, int stream) const { return floats(memory.seeds) + rowOf(sample, stream) * memory.resultPitch; }
    __device__ float* noise(int sample, int dimension) const { return floats(memory.noise) + sample * dimension; }

    // z of a hidden layer at 16 features of a stream of a group.
    __device__ float4& saved(int layer, int tile, int group, int stream) const {
        const int tiles = memory.tilePitch * perWord(ARITHMETIC) / FEATURES;
        const int lane = static_cast<int>(threadIdx.x) % 32;
        const int index = ((layer * tiles + tile) * memory.groups + group) * streams + stream;
        return reinterpret_cast<float4*>(base + memory.saved)[index * 32 + lane];
    }

private:
    __device__ float* floats(int offset) const { return reinterpret_cast<float*>(base + offset); }
};

template <Arithmetic ARITHMETIC>
__device__ Matrix<ARITHMETIC> weightsOf(const Workspace<ARITHMETIC>& work, const FusedNetwork& network, const float* parameters, int layer) {
    const int outputs = network.widths[layer + 1];
    const int inputs = network.widths[layer];
    const int copy = work.memory.weights[layer];
    if (copy >= 0) {
        return {reinterpret_cast<const float*>(work.base + copy), outputs, inputs, fusedWeightPitch(inputs), true};
    }
    return {parameters + network.offsets[layer], outputs, inputs, inputs, false};
}

// Begins to copy the weights into shared memory, where there is room for them: those of the first layer, and then the others.
template <Arithmetic ARITHMETIC>
__device__ void beginWeights(const Workspace<ARITHMETIC>& work, const FusedNetwork& network, const float* parameters) {
    for (int layer = 0; layer < network.layers && work.memory.weights[layer] >= 0; ++layer) {
        const int inputs = network.widths[layer];
        const int pitch = fusedWeightPitch(inputs);
        const float* const from = parameters + network.offsets[layer];
        auto* const to = reinterpret_cast<float*>(work.base + work.memory.weights[layer]);
        const bool aligned = inputs % 4 == 0 && reinterpret_cast<size_t>(from) % 16 == 0;
        const int fours = pitch / 4;
        for (int i = static_cast<int>(threadIdx.x); i < network.widths[layer + 1] * fours; i += 32 * FUSED_WARPS) {
            const int row = i / fours;
            const int column = i % fours * 4;
            float* const target = to + row * pitch + (column ^ Matrix<ARITHMETIC>::permutation(row));
            const float* const source = from + row * inputs + column;
            const int valid = max(0, min(inputs - column, 4));
            if (aligned) {
                copyAsync16(target, valid > 0 ? source : from, 4 * valid);
            } else {
                for (int k = 0; k < 4; ++k) {
                    target[k] = k < valid ? source[k] : 0.0f;
                }
            }
        }
        if (layer == 0) {
            commitCopies();
        }
    }
    commitCopies();
}

// The features that products take of a layer's; those beyond the layer are zero.
template <Arithmetic ARITHMETIC>
__device__ inline int padded(int width) {
    return (width + depthOf(ARITHMETIC) - 1) / depthOf(ARITHMETIC) * depthOf(ARITHMETIC);
}

// Whether products take another tile of features behind the last one of a layer. What an earlier layer or other samples left there
// would be multiplied by zero, and what is not finite would come through.
template <Arithmetic ARITHMETIC>
__device__ inline bool takesAnother(int tile, int width) {
    return depthOf(ARITHMETIC) > FEATURES && FEATURES * (tile + 1) >= width && tile % 2 == 0;
}

// The input as a factor: itself, or rounded a copy in a tile.
template <Arithmetic ARITHMETIC>
__device__ Tile<ARITHMETIC> inputFactor(const Workspace<ARITHMETIC>& work, const FusedNetwork& network, int groups, const Tile<ARITHMETIC>& copy) {
    if constexpr (ARITHMETIC == Arithmetic::Bf16 || ARITHMETIC == Arithmetic::Tf32) {
        const int width = padded<ARITHMETIC>(network.inputs());
        const int rows = groups * work.streams * GROUP;
        for (int i = static_cast<int>(threadIdx.x); i < rows * width; i += 32 * FUSED_WARPS) {
            const int row = i / width;
            const TileRow from{reinterpret_cast<float*>(work.base + work.memory.input) + row * work.memory.inputPitch, permutation(row)};
            copy.store(row, i % width, i % width < network.inputs() ? from[i % width] : 0.0f);
        }
        __syncthreads();
        return copy;
    } else {
        return {reinterpret_cast<unsigned*>(work.base + work.memory.input), work.memory.inputPitch};
    }
}

// From the input rows to result rows of the first S streams. Returns which tile holds the last hidden activations. Begins and
// ends with everybody; weights of the first layer are there, others may still be on their way.
template <Arithmetic ARITHMETIC, int S>
__device__ __forceinline__ int forward(const Workspace<ARITHMETIC>& work, const FusedNetwork& network, JetShape shape, const float* parameters, int groups) {
    const Lane lane;
    int target = 0;
    Tile<ARITHMETIC> rows = inputFactor(work, network, groups, work.tile(1));
    for (int layer = 0; layer < network.layers; ++layer) {
        const int outputs = network.widths[layer + 1];
        const Matrix<ARITHMETIC> matrix = weightsOf(work, network, parameters, layer);
        const Forward<ARITHMETIC> weights(matrix);
        const float* const bias = parameters + network.offsets[layer] + outputs * network.widths[layer];
        const bool last = layer + 1 == network.layers;
        const Tile<ARITHMETIC> to = work.tile(target);
        multiplyRows<ARITHMETIC, S>(weights, rows, work.streams, groups, [&](int tile, int group, float(&z)[S][4]) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int feature = FEATURES * tile + lane.g + i / 2 * 8;
                z[0][i] += feature < outputs ? bias[feature] : 0.0f;
            }
            if (!last && work.memory.saved >= 0) {
#pragma unroll
                for (int s = 0; s < S; ++s) {
                    work.saved(layer, tile, group, s) = make_float4(z[s][0], z[s][1], z[s][2], z[s][3]);
                }
            }
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int feature = FEATURES * tile + lane.g + i / 2 * 8;
                const int sample = GROUP * group + 2 * lane.t + i % 2;
                if (last) {
                    if (feature < outputs) {
#pragma unroll
                        for (int s = 0; s < S; ++s) {
                            work.result(sample, s)[feature] = z[s][i];
                        }
                    }
                    continue;
                }
                float jet[S];
                float a[S];
#pragma unroll
                for (int s = 0; s < S; ++s) {
                    jet[s] = z[s][i];
                }
                activateJet<S>(derivativesOf(network.activation, jet[0]), shape, jet, a);
#pragma unroll
                for (int s = 0; s < S; ++s) {
                    to.store(work.rowOf(sample, s), feature, feature < outputs ? a[s] : 0.0f);
                    if (takesAnother<ARITHMETIC>(tile, outputs)) {
                        to.store(work.rowOf(sample, s), feature + FEATURES, 0.0f);
                    }
                }
            }
        });
        waitForCopies<0>();
        __syncthreads();
        if (!last) {
            rows = to;
            target = 1 - target;
        }
    }
    return 1 - target;
}

// The seeds as adjoints of the last layer's output.
template <Arithmetic ARITHMETIC>
__device__ void seedAdjoints(const Workspace<ARITHMETIC>& work, int outputs, int groups, const Tile<ARITHMETIC>& dz) {
    const int width = padded<ARITHMETIC>(outputs);
    const int rows = groups * work.streams * GROUP;
    const auto* const seeds = reinterpret_cast<const float*>(work.base + work.memory.seeds);
    for (int i = static_cast<int>(threadIdx.x); i < rows * width; i += 32 * FUSED_WARPS) {
        const int feature = i % width;
        dz.store(i / width, feature, feature < outputs ? seeds[i / width * work.memory.resultPitch + feature] : 0.0f);
    }
}

// What the way back is to give: gradients of the parameters, or the gradient in the input as result rows of stream 0.
struct Reverse {
    float* gradient;  // flat; null for the gradient in the input
    bool adds;
};

// From adjoints in tile 2 of the first S streams; `activations` says which tile holds the last hidden ones. Begins and ends with
// everybody.
template <Arithmetic ARITHMETIC, int S>
__device__ __forceinline__ void reverse(const Workspace<ARITHMETIC>& work, const FusedNetwork& network, JetShape shape, const float* parameters,
                        int groups, int activations, const Reverse& wanted) {
    const Lane lane;
    int adjoints = 2;
    const Tile<ARITHMETIC> a = work.tile(activations);
    for (int layer = network.layers - 1; layer >= 0; --layer) {
        const int outputs = network.widths[layer + 1];
        const int inputs = network.widths[layer];
        const Tile<ARITHMETIC> dz = work.tile(adjoints);
        const Tile<ARITHMETIC> below = work.tile(3 - adjoints - activations);
        if (layer > 0 || wanted.gradient == nullptr) {
            const bool rest = layer + 1 < network.layers;  // the last hidden activations are still there
            const Matrix<ARITHMETIC> matrix = weightsOf(work, network, parameters, layer);
            const Transposed<ARITHMETIC> weights(matrix);
            multiplyRows<ARITHMETIC, S>(weights, dz, work.streams, groups, [&](int tile, int group, float(&o)[S][4]) {
                float4 z[S] = {};
                if (layer > 0) {
#pragma unroll
                    for (int s = 0; s < S; ++s) {
                        z[s] = work.saved(layer - 1, tile, group, s);
                    }
                }
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    const int feature = FEATURES * tile + lane.g + i / 2 * 8;
                    const int sample = GROUP * group + 2 * lane.t + i % 2;
                    if (layer == 0) {
                        if (feature < inputs) {
                            work.result(sample, 0)[feature] = o[0][i];
                        }
                        continue;
                    }
                    float jet[S];
                    float adjoint[S];
                    float values[S];
#pragma unroll
                    for (int s = 0; s < S; ++s) {
                        jet[s] = i == 0 ? z[s].x : i == 1 ? z[s].y : i == 2 ? z[s].z : z[s].w;
                        adjoint[s] = o[s][i];
                    }
                    const Derivatives d = derivativesOf(network.activation, jet[0]);
                    if (rest && wanted.gradient != nullptr) {
                        activateJet<S>(d, shape, jet, values);
#pragma unroll
                        for (int s = 0; s < S; ++s) {
                            a.store(work.rowOf(sample, s), feature, feature < inputs ? values[s] : 0.0f);
                        }
                    }
                    deactivateJet<S>(d, shape, jet, adjoint, values);
#pragma unroll
                    for (int s = 0; s < S; ++s) {
                        below.store(work.rowOf(sample, s), feature, feature < inputs ? values[s] : 0.0f);
                        if (takesAnother<ARITHMETIC>(tile, inputs)) {
                            below.store(work.rowOf(sample, s), feature + FEATURES, 0.0f);
                        }
                    }
                }
            });
        }
        if (wanted.gradient != nullptr) {
            const Tile<ARITHMETIC> factor = layer == 0 ? inputFactor(work, network, groups, a) : a;
            __syncthreads();
            const GradientTarget target{wanted.gradient + network.offsets[layer], outputs, inputs, wanted.adds};
            weightGradient<ARITHMETIC, S>(dz, factor, work.memory.rows, target);
            biasGradient(dz, work.streams, groups, target);
        }
        __syncthreads();
        adjoints = 3 - adjoints - activations;
    }
}

}  // namespace slicedscore::fused
