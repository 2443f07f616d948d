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

constexpr int COLUMN_WARPS = TILE / (COLUMN_SPANS * SPAN);
static_assert(TILE / SPAN * COLUMN_WARPS * 32 == TILE_THREADS, "warps that share a tile");

// Blocks on a multiprocessor: where no sums are drained a thread needs half of the registers, and one block's element-wise
// stage runs beside another's products.
constexpr int blocksOf(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::Tf32x3 ? 1 : 2;
}

template <Arithmetic ARITHMETIC, Alignment ALIGNMENT, typename End>
__global__ void __launch_bounds__(TILE_THREADS, blocksOf(ARITHMETIC))
tensorKernel(const Product product, const End end, int tileRows) {
    if constexpr (!HAS_TENSOR_CORES) {
        trap();
    } else {
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

        constexpr Contiguous COLUMNS = Order<End>::COLUMNS;
        constexpr Contiguous ROWS = Order<End>::ROWS;
        TileSource<COLUMNS, ALIGNMENT> columns(product.columns, columnBase, begin, endOfSum);
        TileSource<ROWS, Alignment::Sixteen> rows(product.rows, rowBase, begin, endOfSum);
        const SpanReader<COLUMNS> columnReader;
        const SpanReader<ROWS> rowReader;
        WarpSums<ARITHMETIC> sums;
        BiasSum<End> biasSum(product, columnBase);
        ROLLED for (int slab = 1 - STAGES; slab < slabs; ++slab) {
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
            if (slab >= 0) {
                const float* const columnTile = shared + slab % STAGES * STAGE_FLOATS;
                const float* const rowTile = columnTile + TILE_FLOATS;
                biasSum.add(rowTile);
                if (busy) {
                    for (int base = 0; base < SLAB; base += Rounded<ARITHMETIC>::DEPTH) {
                        const Rounded<ARITHMETIC> rowSpan(rowReader, rowTile, warpRow, base);
                        for (int s = 0; s < COLUMN_SPANS; ++s) {
                            const Rounded<ARITHMETIC> columnSpan(columnReader, columnTile, warpColumn + s * SPAN, base);
                            multiply(sums.spans[s], columnSpan, rowSpan);
                        }
                    }
                    sums.drain(slab);
                }
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
}

constexpr int SHARED_BYTES = SHARED_FLOATS * static_cast<int>(sizeof(float));

template <typename End>
using Kernel = void (*)(Product, End, int);

// Null for arithmetic of other units.
template <Alignment ALIGNMENT, typename End>
Kernel<End> kernelOf(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::Tf32x3:
            return tensorKernel<Arithmetic::Tf32x3, ALIGNMENT, End>;
        case Arithmetic::Tf32:
            return tensorKernel<Arithmetic::Tf32, ALIGNMENT, End>;
        case Arithmetic::Bf16:
            return tensorKernel<Arithmetic::Bf16, ALIGNMENT, End>;
        case Arithmetic::Ffma:
            break;
    }
    return nullptr;
}

template <typename End>
cudaError_t prepare(Kernel<End> kernel) {
    return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, SHARED_BYTES);
}

template <typename End>
cudaError_t launch(Kernel<End> kernel, const Product& product, const End& end, int tileRows, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tilesOf(product.columns.outer, TILE) * tilesOf(product.rows.outer, tileRows),
                          static_cast<unsigned>(product.parts));
    config.blockDim = dim3(TILE_THREADS);
    config.dynamicSmemBytes = SHARED_BYTES;
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernel, product, end, tileRows);
}

// For products with weights, which may lie anywhere.
template <typename End>
cudaError_t prepareForAnyWeights(Arithmetic arithmetic) {
    const cudaError_t result = prepare(kernelOf<Alignment::Four, End>(arithmetic));
    return result == cudaSuccess ? prepare(kernelOf<Alignment::Sixteen, End>(arithmetic)) : result;
}

template <typename End>
cudaError_t launchForWeights(Arithmetic arithmetic, const Product& product, const End& end, cudaStream_t stream) {
    const int group = GROUP * product.streams;
    const int tileRows = end.fused ? TILE / group * group : TILE;  // whole groups of samples, if it needs all their streams
    const auto kernel = alignmentOf(product.columns) == Alignment::Sixteen ? kernelOf<Alignment::Sixteen, End>(arithmetic)
                                                                           : kernelOf<Alignment::Four, End>(arithmetic);
    return launch(kernel, product, end, tileRows, stream);
}

}  // namespace

cudaError_t prepareTensor(Arithmetic arithmetic) {
    cudaError_t result = prepareForAnyWeights<ActivatedForward>(arithmetic);
    result = result == cudaSuccess ? prepareForAnyWeights<DeactivatedInputGradient>(arithmetic) : result;
    return result == cudaSuccess ? prepare(kernelOf<Alignment::Sixteen, SummedWeightGradient>(arithmetic)) : result;
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const ActivatedForward& end, cudaStream_t stream) {
    return launchForWeights(arithmetic, product, end, stream);
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const DeactivatedInputGradient& end, cudaStream_t stream) {
    return launchForWeights(arithmetic, product, end, stream);
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const SummedWeightGradient& end, cudaStream_t stream) {
    return launch(kernelOf<Alignment::Sixteen, SummedWeightGradient>(arithmetic), product, end, TILE, stream);
}

}  // namespace slicedscore
