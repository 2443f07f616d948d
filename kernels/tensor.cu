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

// One tile, of so many rows, of one part.
template <Arithmetic ARITHMETIC, Alignment ALIGNMENT, typename End>
__device__ void computeTile(const Product& product, const End& end, int tileIndex, int tileRows) {
    DYNAMIC_SHARED(float, shared);
    const int columnTiles = static_cast<int>(tilesOf(product.columns.outer, TILE));
    const int columnBase = tileIndex % columnTiles * TILE;
    const int rowBase = tileIndex / columnTiles * tileRows;
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
    biasSum.store(product, shared, rowBase);
    FinishedTile tile(shared, rowBase, columnBase);
    for (int s = 0; s < COLUMN_SPANS; ++s) {
        tile.store(sums.spans[s], warpColumn + s * SPAN, warpRow);
    }
    __syncthreads();
    finish(product, end, tile, tileRows);
}

template <Arithmetic ARITHMETIC, Alignment ALIGNMENT, typename End>
__global__ void __launch_bounds__(TILE_THREADS, blocksOf(ARITHMETIC)) tensorKernel(const Product product, const End end, int tileRows) {
    if constexpr (HAS_TENSOR_CORES) {
        computeTile<ARITHMETIC, ALIGNMENT>(product, end, static_cast<int>(blockIdx.x), tileRows);
    } else {
        trap();
    }
}

template <Arithmetic ARITHMETIC>
__global__ void __launch_bounds__(TILE_THREADS, blocksOf(ARITHMETIC)) weightGradientKernel(GRID_CONSTANT const WeightGradients gradients) {
    if constexpr (HAS_TENSOR_CORES) {
        const auto tile = static_cast<int>(blockIdx.x);
        int layer = 0;
        while (layer + 1 < gradients.count && tile >= gradients.layers[layer + 1].firstTile) {
            ++layer;
        }
        const GradientLayer& of = gradients.layers[layer];
        SHARED_ARRAY(Product, products, [1]);  // as registers are needed for sums
        Product& product = products[0];
        if (threadIdx.x == 0) {
            product.rows = {of.dz, static_cast<size_t>(of.dzPitch), of.outputs};
            product.columns = {of.a, static_cast<size_t>(of.aPitch), of.inputs};
            product.depth = gradients.rows;
            product.part = gradients.rowsPerPart;
            product.result = gradients.partials + of.offset;
            product.pitch = static_cast<size_t>(of.inputs);
            product.partStride = gradients.stride;
            product.bias = nullptr;
            product.streams = gradients.streams;
        }
        __syncthreads();
        computeTile<ARITHMETIC, Alignment::Sixteen>(product, SummedWeightGradient{}, tile - of.firstTile, TILE);
    } else {
        trap();
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

using GradientKernel = void (*)(WeightGradients);

GradientKernel gradientKernelOf(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::Tf32x3:
            return weightGradientKernel<Arithmetic::Tf32x3>;
        case Arithmetic::Tf32:
            return weightGradientKernel<Arithmetic::Tf32>;
        case Arithmetic::Bf16:
            return weightGradientKernel<Arithmetic::Bf16>;
        case Arithmetic::Ffma:
            break;
    }
    return nullptr;
}

cudaLaunchConfig_t configOf(unsigned tiles, int parts, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(tiles, static_cast<unsigned>(parts));
    config.blockDim = dim3(TILE_THREADS);
    config.dynamicSmemBytes = SHARED_BYTES;
    config.stream = stream;
    return config;
}

template <typename Function>
cudaError_t prepare(Function* kernel) {
    return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, SHARED_BYTES);
}

// Weights may lie anywhere.
template <typename End>
cudaError_t prepareBoth(Arithmetic arithmetic) {
    const cudaError_t result = prepare(kernelOf<Alignment::Four, End>(arithmetic));
    return result == cudaSuccess ? prepare(kernelOf<Alignment::Sixteen, End>(arithmetic)) : result;
}

template <typename End>
cudaError_t launch(Arithmetic arithmetic, const Product& product, const End& end, cudaStream_t stream) {
    const int group = GROUP * product.streams;
    const int tileRows = end.fused ? TILE / group * group : TILE;  // whole groups of samples, if it needs all their streams
    const auto kernel = alignmentOf(product.columns) == Alignment::Sixteen ? kernelOf<Alignment::Sixteen, End>(arithmetic)
                                                                           : kernelOf<Alignment::Four, End>(arithmetic);
    const cudaLaunchConfig_t config =
        configOf(tilesOf(product.columns.outer, TILE) * tilesOf(product.rows.outer, tileRows), product.parts, stream);
    return cudaLaunchKernelEx(&config, kernel, product, end, tileRows);
}

}  // namespace

cudaError_t prepareTensor(Arithmetic arithmetic) {
    cudaError_t result = prepareBoth<ActivatedForward>(arithmetic);
    result = result == cudaSuccess ? prepareBoth<DeactivatedInputGradient>(arithmetic) : result;
    return result == cudaSuccess ? prepare(gradientKernelOf(arithmetic)) : result;
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const ActivatedForward& end, cudaStream_t stream) {
    return launch(arithmetic, product, end, stream);
}

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const DeactivatedInputGradient& end, cudaStream_t stream) {
    return launch(arithmetic, product, end, stream);
}

cudaError_t launchTensorGradients(Arithmetic arithmetic, WeightGradients gradients, cudaStream_t stream) {
    int tiles = 0;
    for (int i = 0; i < gradients.count; ++i) {
        gradients.layers[i].firstTile = tiles;
        tiles += static_cast<int>(tilesOf(gradients.layers[i].inputs, TILE) * tilesOf(gradients.layers[i].outputs, TILE));
    }
    const cudaLaunchConfig_t config = configOf(static_cast<unsigned>(tiles), gradients.parts, stream);
    return cudaLaunchKernelEx(&config, gradientKernelOf(arithmetic), gradients);
}

}  // namespace slicedscore
