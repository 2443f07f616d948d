// First-order jets through a dense layer:
//
//   z    = W x + b        a    = act(z)
//   z1_m = W x1_m         a1_m = act'(z) z1_m        m = 1..M
//
// Java twin: io.github.slicedscore.internal.cuda.DenseJetTest.
//
// One thread owns one (row, output) and with it every stream, so act'(z) never leaves a register. Tiles of W and of the
// stream's rows pass through shared memory. Tails are padded with zeros when a tile is loaded and masked when a result is
// stored, so that every thread meets every barrier.

#include "dense_jet.h"

#include "activation.cuh"
#include "portable.cuh"

namespace slicedscore {
namespace {

constexpr int TILE = 16;

// One thread's element of rows * weights^T, accumulated in ascending order of the inputs.
__device__ float tileProduct(const DenseJet& jet, const float* rows, int row, int output, float (&rowTile)[TILE][TILE + 1],
                             float (&weightTile)[TILE][TILE + 1]) {
    const int tileOutput = static_cast<int>(blockIdx.y) * TILE + static_cast<int>(threadIdx.y);
    float sum = 0.0f;
    for (int base = 0; base < jet.inputs; base += TILE) {
        const int input = base + static_cast<int>(threadIdx.x);
        const bool inside = input < jet.inputs;
        rowTile[threadIdx.y][threadIdx.x] =
            inside && row < jet.rows ? rows[static_cast<size_t>(row) * jet.inputs + input] : 0.0f;
        weightTile[threadIdx.y][threadIdx.x] =
            inside && tileOutput < jet.outputs ? jet.weights[static_cast<size_t>(tileOutput) * jet.inputs + input] : 0.0f;
        __syncthreads();
        for (int k = 0; k < TILE; ++k) {
            sum = fmaf(rowTile[threadIdx.y][k], weightTile[threadIdx.x][k], sum);
        }
        __syncthreads();
    }
    return output < jet.outputs ? sum : 0.0f;
}

template <Activation ACT>
__global__ void __launch_bounds__(TILE* TILE) denseJetKernel(const DenseJet jet) {
    SHARED_ARRAY(float, rowTile, [TILE][TILE + 1]);
    SHARED_ARRAY(float, weightTile, [TILE][TILE + 1]);
    const int row = static_cast<int>(blockIdx.x) * TILE + static_cast<int>(threadIdx.y);
    const int output = static_cast<int>(blockIdx.y) * TILE + static_cast<int>(threadIdx.x);
    const bool inside = row < jet.rows && output < jet.outputs;
    const size_t inputStride = static_cast<size_t>(jet.rows) * jet.inputs;
    const size_t outputStride = static_cast<size_t>(jet.rows) * jet.outputs;
    const size_t target = static_cast<size_t>(row) * jet.outputs + output;

    const float bias = output < jet.outputs ? jet.bias[output] : 0.0f;
    const float z = tileProduct(jet, jet.x, row, output, rowTile, weightTile) + bias;
    if (inside) {
        jet.a[target] = activation<ACT>(z);
    }
    const float slope = activationFirst<ACT>(z);
    for (int m = 0; m < jet.tangents; ++m) {
        const float z1 = tileProduct(jet, jet.x1 + m * inputStride, row, output, rowTile, weightTile);
        if (inside) {
            jet.a1[m * outputStride + target] = slope * z1;
        }
    }
}

using Kernel = void (*)(DenseJet);

// Indexed by Activation.
constexpr Kernel KERNELS[ACTIVATION_COUNT] = {
    denseJetKernel<Activation::Softplus>, denseJetKernel<Activation::Tanh>,    denseJetKernel<Activation::Silu>,
    denseJetKernel<Activation::Gelu>,     denseJetKernel<Activation::Sigmoid>, denseJetKernel<Activation::Sin>,
    denseJetKernel<Activation::Elu>,      denseJetKernel<Activation::Relu>,
};

unsigned tiles(int count) {
    return (static_cast<unsigned>(count) + TILE - 1) / TILE;
}

}  // namespace

cudaError_t launchDenseJet(Activation activation, const DenseJet& jet, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tiles(jet.rows), tiles(jet.outputs));
    config.blockDim = dim3(TILE, TILE);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, KERNELS[static_cast<int>(activation)], jet);
}

const void* denseJetFunction() {
    return reinterpret_cast<const void*>(KERNELS[0]);
}

}  // namespace slicedscore
