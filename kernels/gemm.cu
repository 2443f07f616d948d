// The matrix products of a dense layer, in single precision with fused multiply-adds:
//
//   forward          z  = a W^T + b         b on value rows only
//   input gradient   o  = dz W
//   weight gradient  dW = dz^T a            all rows, so that the sum over streams is part of the product
//                    db = sum of dz         value rows only
//
// Java twin: io.github.slicedscore.internal.cpu.MlpBlock.
//
// A block computes a tile of 64 x 64, a thread 8 x 4 numbers of it, in ascending order of the summed index. While a slab of 16
// is multiplied out of shared memory, the next one is on its way into registers. Tails are zeros on loading and masked on
// storing, so that every thread meets every barrier.

#include "gemm.h"

#include "portable.cuh"

namespace slicedscore {
namespace {

constexpr int TILE = 64;
constexpr int SLAB = 16;
constexpr int THREADS = 128;
constexpr int THREAD_ROWS = 8;
constexpr int THREAD_COLUMNS = 4;
constexpr int LOADS = TILE * SLAB / THREADS;
constexpr int SHARED_PITCH = TILE + 4;  // keeps float4 aligned and moves each row to other banks

// Which index of a factor is the one that is contiguous in memory.
enum class Contiguous { Outer, Summed };

// A factor of the product: element (outer, summed).
struct Factor {
    const float* data;
    size_t pitch;
    int outer;
};

struct Product {
    Factor left;
    Factor right;
    int depth;
    int part;  // depth that one block in z sums over
    float* result;
    size_t pitch;
    size_t partStride;
    const float* bias;  // null for none
    int streams;
};

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

// result(m, n) = sum over k of left(m, k) right(n, k)
template <Contiguous LEFT, Contiguous RIGHT>
__global__ void __launch_bounds__(THREADS) productKernel(const Product product) {
    SHARED_ARRAY(float4, leftStorage, [SLAB * SHARED_PITCH / 4]);
    SHARED_ARRAY(float4, rightStorage, [SLAB * SHARED_PITCH / 4]);
    float* const left = reinterpret_cast<float*>(leftStorage);
    float* const right = reinterpret_cast<float*>(rightStorage);
    const int rowBase = static_cast<int>(blockIdx.x) * TILE;
    const int columnBase = static_cast<int>(blockIdx.y) * TILE;
    const int begin = static_cast<int>(blockIdx.z) * product.part;
    const int end = min(begin + product.part, product.depth);
    const int threadRow = static_cast<int>(threadIdx.x) / (TILE / THREAD_COLUMNS) * THREAD_ROWS;
    const int threadColumn = static_cast<int>(threadIdx.x) % (TILE / THREAD_COLUMNS) * THREAD_COLUMNS;

    float sums[THREAD_ROWS][THREAD_COLUMNS] = {};
    float nextLeft[LOADS];
    float nextRight[LOADS];
    loadSlab<LEFT>(product.left, rowBase, begin, end, nextLeft);
    loadSlab<RIGHT>(product.right, columnBase, begin, end, nextRight);
    for (int base = begin; base < end; base += SLAB) {
        storeSlab<LEFT>(left, nextLeft);
        storeSlab<RIGHT>(right, nextRight);
        __syncthreads();
        if (base + SLAB < end) {
            loadSlab<LEFT>(product.left, rowBase, base + SLAB, end, nextLeft);
            loadSlab<RIGHT>(product.right, columnBase, base + SLAB, end, nextRight);
        }
        for (int k = 0; k < SLAB; ++k) {
            const float4 low = loadFour(left + k * SHARED_PITCH + threadRow);
            const float4 high = loadFour(left + k * SHARED_PITCH + threadRow + 4);
            const float4 columns = loadFour(right + k * SHARED_PITCH + threadColumn);
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
            if (row < product.left.outer && column < product.right.outer) {
                result[static_cast<size_t>(row) * product.pitch + column] =
                    biased ? sums[i][j] + product.bias[column] : sums[i][j];
            }
        }
    }
}

struct BiasGradient {
    JetMatrix dz;
    int groups;
    int groupsPerPart;
    int outputs;
    float* result;
    size_t partStride;
};

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

unsigned tiles(int count, int tile) {
    return (static_cast<unsigned>(count) + static_cast<unsigned>(tile) - 1) / static_cast<unsigned>(tile);
}

template <Contiguous LEFT, Contiguous RIGHT>
cudaError_t launchProduct(const Product& product, unsigned parts, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tiles(product.left.outer, TILE), tiles(product.right.outer, TILE), parts);
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, productKernel<LEFT, RIGHT>, product);
}

int rowsOf(const LayerRows& layer) {
    return groupsOf(layer.samples) * GROUP * layer.streams;
}

}  // namespace

cudaError_t launchForward(const LayerRows& layer, const JetMatrix& a, const JetMatrix& z, cudaStream_t stream) {
    Product product{};
    product.left = {a.data, static_cast<size_t>(a.pitch), rowsOf(layer)};
    product.right = {layer.weights, static_cast<size_t>(layer.inputs), layer.outputs};
    product.depth = layer.inputs;
    product.part = layer.inputs;
    product.result = z.data;
    product.pitch = static_cast<size_t>(z.pitch);
    product.bias = layer.bias;
    product.streams = layer.streams;
    return launchProduct<Contiguous::Summed, Contiguous::Summed>(product, 1, stream);
}

cudaError_t launchInputGradient(const LayerRows& layer, const JetMatrix& dz, const JetMatrix& o, cudaStream_t stream) {
    Product product{};
    product.left = {dz.data, static_cast<size_t>(dz.pitch), rowsOf(layer)};
    product.right = {layer.weights, static_cast<size_t>(layer.inputs), layer.inputs};
    product.depth = layer.outputs;
    product.part = layer.outputs;
    product.result = o.data;
    product.pitch = static_cast<size_t>(o.pitch);
    return launchProduct<Contiguous::Summed, Contiguous::Outer>(product, 1, stream);
}

RowSplit splitRows(int samples, int streams, int inputs, int outputs) {
    constexpr int WANTED_BLOCKS = 256;
    constexpr int LEAST_ROWS = 128;
    const int groups = groupsOf(samples);
    const int64_t blocks = int64_t{tiles(inputs, TILE)} * tiles(outputs, TILE);
    const int leastGroups = (LEAST_ROWS + GROUP * streams - 1) / (GROUP * streams);
    const int wanted = static_cast<int>((WANTED_BLOCKS + blocks - 1) / blocks);
    const int perPart = (groups + wanted - 1) / wanted;
    const int groupsPerPart = perPart > leastGroups ? perPart : leastGroups;
    return {groupsPerPart, (groups + groupsPerPart - 1) / groupsPerPart};
}

cudaError_t launchWeightGradient(const LayerRows& layer, const JetMatrix& a, const JetMatrix& dz, int groupsPerPart,
                                 float* partials, cudaStream_t stream) {
    const int groups = groupsOf(layer.samples);
    const unsigned parts = tiles(groups, groupsPerPart);
    const size_t weights = static_cast<size_t>(layer.outputs) * layer.inputs;
    const size_t partStride = weights + layer.outputs;
    Product product{};
    product.left = {dz.data, static_cast<size_t>(dz.pitch), layer.outputs};
    product.right = {a.data, static_cast<size_t>(a.pitch), layer.inputs};
    product.depth = rowsOf(layer);
    product.part = groupsPerPart * GROUP * layer.streams;
    product.result = partials;
    product.pitch = static_cast<size_t>(layer.inputs);
    product.partStride = partStride;
    const cudaError_t result = launchProduct<Contiguous::Outer, Contiguous::Outer>(product, parts, stream);
    if (result != cudaSuccess) {
        return result;
    }
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tiles(layer.outputs, BIAS_COLUMNS), parts);
    config.blockDim = dim3(BIAS_COLUMNS, GROUP);
    config.stream = stream;
    const BiasGradient bias{dz, groups, groupsPerPart, layer.outputs, partials + weights, partStride};
    return cudaLaunchKernelEx(&config, biasGradientKernel, bias);
}

}  // namespace slicedscore
