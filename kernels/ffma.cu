// Matrix products in single precision with fused multiply-adds, for every device.
//
// A block computes a tile of 64 x 64, a thread 8 x 4 numbers of it, in ascending order of the summed index. While a slab of 16
// is multiplied out of shared memory, the next one is on its way into registers. Tails are zeros on loading and masked on
// storing, so that every thread meets every barrier.

#include "ffma.h"

#include "portable.cuh"

namespace slicedscore {
namespace {

constexpr int TILE = FFMA_TILE;
constexpr int SLAB = 16;
constexpr int THREADS = 128;
constexpr int THREAD_ROWS = 8;
constexpr int THREAD_COLUMNS = 4;
constexpr int LOADS = TILE * SLAB / THREADS;
constexpr int SHARED_PITCH = TILE + 4;  // keeps float4 aligned and moves each row to other banks

template <Contiguous ORDER>
struct TileIndex {
    int outer;
    int summed;

    __device__ explicit TileIndex(int load) {
        const int index = load * THREADS + static_cast<int>(threadIdx.x);
        outer = ORDER == Contiguous::Outer ? index % TILE : index / SLAB;
        summed = ORDER == Contiguous::Outer ? index / TILE : index % SLAB;
    }
};

template <Contiguous ORDER>
__device__ void loadSlab(const Factor& factor, int outerBase, int base, int end, float (&values)[LOADS]) {
    for (int load = 0; load < LOADS; ++load) {
        const TileIndex<ORDER> index(load);
        const int outer = outerBase + index.outer;
        const int summed = base + index.summed;
        const size_t address = ORDER == Contiguous::Outer ? static_cast<size_t>(summed) * factor.pitch + outer
                                                          : static_cast<size_t>(outer) * factor.pitch + summed;
        values[load] = outer < factor.outer && summed < end ? factor.data[address] : 0.0f;
    }
}

template <Contiguous ORDER>
__device__ void storeSlab(float* tile, const float (&values)[LOADS]) {
    for (int load = 0; load < LOADS; ++load) {
        const TileIndex<ORDER> index(load);
        tile[index.summed * SHARED_PITCH + index.outer] = values[load];
    }
}

__device__ float4 loadFour(const float* tile) {
    return *reinterpret_cast<const float4*>(tile);
}

template <Contiguous ROWS, Contiguous COLUMNS>
__global__ void __launch_bounds__(THREADS) ffmaKernel(const Product product) {
    SHARED_ARRAY(float4, rowStorage, [SLAB * SHARED_PITCH / 4]);
    SHARED_ARRAY(float4, columnStorage, [SLAB * SHARED_PITCH / 4]);
    float* const rowTile = reinterpret_cast<float*>(rowStorage);
    float* const columnTile = reinterpret_cast<float*>(columnStorage);
    const int rowBase = static_cast<int>(blockIdx.x) * TILE;
    const int columnBase = static_cast<int>(blockIdx.y) * TILE;
    const int begin = static_cast<int>(blockIdx.z) * product.part;
    const int end = min(begin + product.part, product.depth);
    const int threadRow = static_cast<int>(threadIdx.x) / (TILE / THREAD_COLUMNS) * THREAD_ROWS;
    const int threadColumn = static_cast<int>(threadIdx.x) % (TILE / THREAD_COLUMNS) * THREAD_COLUMNS;

    float sums[THREAD_ROWS][THREAD_COLUMNS] = {};
    float nextRows[LOADS];
    float nextColumns[LOADS];
    loadSlab<ROWS>(product.rows, rowBase, begin, end, nextRows);
    loadSlab<COLUMNS>(product.columns, columnBase, begin, end, nextColumns);
    for (int base = begin; base < end; base += SLAB) {
        storeSlab<ROWS>(rowTile, nextRows);
        storeSlab<COLUMNS>(columnTile, nextColumns);
        __syncthreads();
        if (base + SLAB < end) {
            loadSlab<ROWS>(product.rows, rowBase, base + SLAB, end, nextRows);
            loadSlab<COLUMNS>(product.columns, columnBase, base + SLAB, end, nextColumns);
        }
        for (int k = 0; k < SLAB; ++k) {
            const float4 low = loadFour(rowTile + k * SHARED_PITCH + threadRow);
            const float4 high = loadFour(rowTile + k * SHARED_PITCH + threadRow + 4);
            const float4 columns = loadFour(columnTile + k * SHARED_PITCH + threadColumn);
            const float rows[THREAD_ROWS] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
            for (int i = 0; i < THREAD_ROWS; ++i) {
                sums[i][0] = fmaf(rows[i], columns.x, sums[i][0]);
                sums[i][1] = fmaf(rows[i], columns.y, sums[i][1]);
                sums[i][2] = fmaf(rows[i], columns.z, sums[i][2]);
                sums[i][3] = fmaf(rows[i], columns.w, sums[i][3]);
            }
        }
        __syncthreads();
    }
    float* const result = product.result + blockIdx.z * product.partStride;
    for (int i = 0; i < THREAD_ROWS; ++i) {
        const int row = rowBase + threadRow + i;
        const bool biased = product.bias != nullptr && row / GROUP % product.streams == 0;
        for (int j = 0; j < THREAD_COLUMNS; ++j) {
            const int column = columnBase + threadColumn + j;
            if (row < product.rows.outer && column < product.columns.outer) {
                result[static_cast<size_t>(row) * product.pitch + column] =
                    biased ? sums[i][j] + product.bias[column] : sums[i][j];
            }
        }
    }
}

constexpr int BIAS_COLUMNS = 32;

// Thread (j, i) sums output j over the samples n with n % 8 = i.
__global__ void __launch_bounds__(BIAS_COLUMNS* GROUP) biasGradientKernel(const BiasGradient bias) {
    SHARED_ARRAY(float, partial, [GROUP][BIAS_COLUMNS]);
    const int column = static_cast<int>(blockIdx.x * BIAS_COLUMNS + threadIdx.x);
    const int begin = static_cast<int>(blockIdx.y) * bias.groupsPerPart;
    const int end = min(begin + bias.groupsPerPart, bias.groups);
    float sum = 0.0f;
    if (column < bias.outputs) {
        for (int group = begin; group < end; ++group) {
            sum += bias.dz.row(group * GROUP + static_cast<int>(threadIdx.y), 0)[column];
        }
    }
    partial[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && column < bias.outputs) {
        float total = 0.0f;
        for (int i = 0; i < GROUP; ++i) {
            total += partial[i][threadIdx.x];
        }
        bias.result[blockIdx.y * bias.partStride + column] = total;
    }
}

template <Contiguous ROWS, Contiguous COLUMNS>
cudaError_t launch(const Product& product, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tilesOf(product.rows.outer, TILE), tilesOf(product.columns.outer, TILE), static_cast<unsigned>(product.parts));
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, ffmaKernel<ROWS, COLUMNS>, product);
}

}  // namespace

cudaError_t launchFfma(Contiguous rows, Contiguous columns, const Product& product, cudaStream_t stream) {
    if (rows == Contiguous::Outer) {
        return launch<Contiguous::Outer, Contiguous::Outer>(product, stream);
    }
    return columns == Contiguous::Outer ? launch<Contiguous::Summed, Contiguous::Outer>(product, stream)
                                        : launch<Contiguous::Summed, Contiguous::Summed>(product, stream);
}

cudaError_t launchBiasGradient(const BiasGradient& bias, int parts, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tilesOf(bias.outputs, BIAS_COLUMNS), static_cast<unsigned>(parts));
    config.blockDim = dim3(BIAS_COLUMNS, GROUP);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, biasGradientKernel, bias);
}

}  // namespace slicedscore
