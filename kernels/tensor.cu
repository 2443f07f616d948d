// Matrix products on tensor cores, with the element-wise stage of a layer at their end:
//
//   forward          z  = a W^T + b, then a and b of the layer from z
//   input gradient   o  = dz W, then dz of the layer before from o and b
//   weight gradient  dW = dz^T a, and db = sum of dz over value rows
//
// Java twin: io.github.slicedscore.internal.cpu.MlpBlock, with PlainKernels for the element-wise stage.
//
// A block computes a tile of 128 columns by 128 rows. Columns (features) are what mma calls rows, and rows (of streams or of
// weights) its columns. Slabs of 16 summed indices go through a ring of four stages: three are on their way by cp.async while
// one is multiplied. Factors are in single precision until they are in registers.

#include "tensor.h"

#include "epilogue.cuh"

namespace slicedscore {
namespace {

constexpr int STAGES = 4;
constexpr int STAGE_FLOATS = 2 * TILE_FLOATS;
constexpr int SHARED_FLOATS = STAGES * STAGE_FLOATS;
static_assert(SHARED_FLOATS == TILE * TILE, "the finished tile takes the place of the stages");

constexpr int COLUMN_SPANS = 2;                             // of a warp
constexpr int COLUMN_WARPS = TILE / (COLUMN_SPANS * SPAN);  // side by side
constexpr int DRAIN = 64;                                   // summed indices, for tf32x3
static_assert(TILE / SPAN * COLUMN_WARPS * 32 == TILE_THREADS, "warps that share a tile");

// A thread's sums. Those of tensor cores, and where these are cut too often, what was drained from them.
template <Arithmetic ARITHMETIC>
struct WarpSums {
    SpanSums spans[COLUMN_SPANS] = {};

    __device__ void drain(int) {}
    __device__ void drain() {}
};

template <>
struct WarpSums<Arithmetic::Tf32x3> {
    SpanSums spans[COLUMN_SPANS] = {};
    SpanSums drained[COLUMN_SPANS] = {};

    __device__ void drain(int slab) {
        if ((slab + 1) % (DRAIN / SLAB) == 0) {
            for (int s = 0; s < COLUMN_SPANS; ++s) {
                move(spans[s], drained[s]);
            }
        }
    }

    // Before the sums are read.
    __device__ void drain() {
        for (int s = 0; s < COLUMN_SPANS; ++s) {
            move(drained[s], spans[s]);
        }
    }

    __device__ static void move(SpanSums& from, SpanSums& to) {
        for (int i = 0; i < 2; ++i) {
            for (int j = 0; j < 4; ++j) {
                for (int k = 0; k < 4; ++k) {
                    to.c[i][j][k] += from.c[i][j][k];
                    from.c[i][j][k] = 0.0f;
                }
            }
        }
    }
};

// db of the rows of a tile of dz, while its slabs are at hand: two threads for each row, of which each takes every other
// group of eight summed indices.
template <typename End>
struct BiasSum {
    __device__ BiasSum(const Product&, int) {}
    __device__ void add(const float*, int) {}
    __device__ void store(const Product&, const End&, float*, int) {}
};

template <>
struct BiasSum<SummedWeightGradient> {
    __device__ BiasSum(const Product& product, int columnBase) : streams(product.streams), wanted(columnBase == 0) {}

    // `tile` is the slab's dz; parts begin with a value stream, and so does every so many groups.
    __device__ void add(const float* tile, int slab) {
        const int half = FinishedTile::threadRow();
        if (wanted && (2 * slab + half) % streams == 0) {
            for (int k = 0; k < GROUP; ++k) {
                sum += tile[tileOffset<Contiguous::Outer>(FinishedTile::threadColumn(), half * GROUP + k)];
            }
        }
    }

    // Between barriers of the caller; `shared` has room for a tile's rows.
    __device__ void store(const Product& product, const SummedWeightGradient& end, float* shared, int rowBase) {
        if (!wanted) {
            return;
        }
        const int row = FinishedTile::threadColumn();
        if (FinishedTile::threadRow() == 1) {
            shared[row] = sum;
        }
        __syncthreads();
        if (FinishedTile::threadRow() == 0 && rowBase + row < product.rows.outer) {
            product.result[blockIdx.y * product.partStride + end.biasOffset + rowBase + row] = sum + shared[row];
        }
        __syncthreads();
    }

    const int streams;
    const bool wanted;  // by one of the blocks that share these rows; the same for all of its threads
    float sum = 0.0f;
};

template <Arithmetic ARITHMETIC, Contiguous COLUMNS, Contiguous ROWS, typename End>
__global__ void __launch_bounds__(TILE_THREADS) tensorKernel(const Product product, const End end, int tileRows) {
    DYNAMIC_SHARED(float, shared);
    const int columnTiles = static_cast<int>(tilesOf(product.columns.outer, TILE));
    const int columnBase = static_cast<int>(blockIdx.x) % columnTiles * TILE;
    const int rowBase = static_cast<int>(blockIdx.x) / columnTiles * tileRows;
    const int begin = static_cast<int>(blockIdx.y) * product.part;
    const int endOfSum = min(begin + product.part, product.depth);
    const int slabs = (endOfSum - begin + SLAB - 1) / SLAB;
    const int warp = static_cast<int>(threadIdx.x) / 32;
    const int warpColumn = warp % COLUMN_WARPS * COLUMN_SPANS * SPAN;
    const int warpRow = warp / COLUMN_WARPS * SPAN;
    const bool busy = columnBase + warpColumn < product.columns.outer && rowBase + warpRow < product.rows.outer;

    TileSource<COLUMNS> columns(product.columns, columnBase, begin, endOfSum);
    TileSource<ROWS> rows(product.rows, rowBase, begin, endOfSum);
    WarpSums<ARITHMETIC> sums;
    BiasSum<End> biasSum(product, columnBase);
    for (int slab = 1 - STAGES; slab < slabs; ++slab) {
        if (slab >= 0) {
            waitForCopies<STAGES - 2>();
            __syncthreads();  // the slab is here, and all are done with the one before, whose stage is filled next
        }
        const int next = slab + STAGES - 1;
        if (next < slabs) {
            float* const stage = shared + next % STAGES * STAGE_FLOATS;
            columns.copyNext(stage);
            rows.copyNext(stage + TILE_FLOATS);
        }
        commitCopies();  // an empty group behind the last slab, so that there is one for each
        if (slab < 0) {
            continue;
        }
        const float* const columnTile = shared + slab % STAGES * STAGE_FLOATS;
        const float* const rowTile = columnTile + TILE_FLOATS;
        biasSum.add(rowTile, slab);
        if (busy) {
            const Rounded<ARITHMETIC> rowSpan(loadSpan<ROWS>(rowTile, warpRow));
            for (int s = 0; s < COLUMN_SPANS; ++s) {
                const Rounded<ARITHMETIC> columnSpan(loadSpan<COLUMNS>(columnTile, warpColumn + s * SPAN));
                multiply(sums.spans[s], columnSpan, rowSpan);
            }
            sums.drain(slab);
        }
    }
    sums.drain();
    __syncthreads();
    biasSum.store(product, end, shared, rowBase);
    FinishedTile tile(shared, rowBase, columnBase);
    for (int s = 0; s < COLUMN_SPANS; ++s) {
        tile.store(sums.spans[s], warpColumn + s * SPAN, warpRow);
    }
    __syncthreads();
    finish(product, end, tile, tileRows);
}

template <Arithmetic ARITHMETIC, Contiguous COLUMNS, Contiguous ROWS, typename End>
cudaError_t launchAs(const Product& product, const End& end, int tileRows, cudaStream_t stream) {
    constexpr int BYTES = SHARED_FLOATS * static_cast<int>(sizeof(float));
    const auto kernel = tensorKernel<ARITHMETIC, COLUMNS, ROWS, End>;
    const cudaError_t result = cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, BYTES);
    if (result != cudaSuccess) {
        return result;
    }
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tilesOf(product.columns.outer, TILE) * tilesOf(product.rows.outer, tileRows),
                          static_cast<unsigned>(product.parts));
    config.blockDim = dim3(TILE_THREADS);
    config.dynamicSmemBytes = BYTES;
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernel, product, end, tileRows);
}

template <Contiguous COLUMNS, Contiguous ROWS, typename End>
cudaError_t launch(Arithmetic arithmetic, const Product& product, const End& end, int tileRows, cudaStream_t stream) {
    switch (arithmetic) {
        case Arithmetic::Tf32x3:
            return launchAs<Arithmetic::Tf32x3, COLUMNS, ROWS>(product, end, tileRows, stream);
        case Arithmetic::Tf32:
            return launchAs<Arithmetic::Tf32, COLUMNS, ROWS>(product, end, tileRows, stream);
        case Arithmetic::Bf16:
            return launchAs<Arithmetic::Bf16, COLUMNS, ROWS>(product, end, tileRows, stream);
        case Arithmetic::Ffma:
            break;
    }
    return cudaErrorInvalidValue;
}

// Whole groups of samples, if the end needs all streams of them.
int tileRowsOf(const Product& product, bool fused) {
    const int group = GROUP * product.streams;
    return fused ? TILE / group * group : TILE;
}

}  // namespace

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const ActivatedForward& end, cudaStream_t stream) {
    return launch<Contiguous::Summed, Contiguous::Summed>(arithmetic, product, end, tileRowsOf(product, end.fused), stream);
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const DeactivatedInputGradient& end, cudaStream_t stream) {
    return launch<Contiguous::Outer, Contiguous::Summed>(arithmetic, product, end, tileRowsOf(product, end.fused), stream);
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const SummedWeightGradient& end, cudaStream_t stream) {
    return launch<Contiguous::Outer, Contiguous::Outer>(arithmetic, product, end, TILE, stream);
}

}  // namespace slicedscore
