// What becomes of a tile's sums: they go through shared memory, from which warps take 32 neighbouring columns of a row at a
// time, so that the element-wise stage has all streams of a sample at hand, in a loop that is not unrolled, and global memory
// is read and written in whole lines.
//
// A tile with a fused element-wise stage holds whole groups of samples: of its 128 rows, 120 where there are three streams.
#pragma once

#include "elementwise.cuh"
#include "multiply.cuh"

namespace slicedscore {

constexpr int ROW_STEP = TILE_THREADS / TILE;  // rows that a block takes at a time

// The sums of a tile, [row][column].
class FinishedTile {
public:
    __device__ FinishedTile(float* memory, int rows, int columns) : values(memory), rowBase(rows), columnBase(columns) {}

    // Stores a warp's sums of one span of columns; the addresses' xor parts lanes 8 rows apart by 8 banks.
    __device__ void store(const SpanSums& sums, int firstColumn, int firstRow) {
        const int lane = static_cast<int>(threadIdx.x) % 32;
        // The eight rows from firstRow + 8t on have the same swizzle, and a span is a multiple of what it exchanges.
        float* const place = values + firstColumn + offset(firstRow + lane % 4 * 8, lane / 4 * 4);
        for (int half = 0; half < 2; ++half) {
            for (int j = 0; j < 4; ++j) {
                *reinterpret_cast<float4*>(place + (half * 4 + j) * TILE) =
                    make_float4(sums.c[0][j][half], sums.c[0][j][2 + half], sums.c[1][j][half], sums.c[1][j][2 + half]);
            }
        }
    }

    __device__ float at(int row) const { return values[offset(row, threadColumn())]; }

    // The column of this thread, in the tile and in the result, and the first of its rows in the tile.
    __device__ static int threadColumn() { return static_cast<int>(threadIdx.x) % TILE; }
    __device__ static int threadRow() { return static_cast<int>(threadIdx.x) / TILE; }
    __device__ int column() const { return columnBase + threadColumn(); }
    __device__ int row(int inTile) const { return rowBase + inTile; }

private:
    __device__ static int offset(int row, int column) { return row * TILE + (column ^ (row / 8 % 4 * 8)); }

    float* const values;
    const int rowBase;
    const int columnBase;
};

__device__ inline void storeTile(const Product& product, const FinishedTile& tile, int tileRows, float* result) {
    if (tile.column() >= product.columns.outer) {
        return;
    }
    const float bias = product.bias == nullptr ? 0.0f : product.bias[tile.column()];
    for (int i = FinishedTile::threadRow(); i < tileRows && tile.row(i) < product.rows.outer; i += ROW_STEP) {
        const bool biased = product.bias != nullptr && tile.row(i) / GROUP % product.streams == 0;
        result[static_cast<size_t>(tile.row(i)) * product.pitch + tile.column()] = biased ? tile.at(i) + bias : tile.at(i);
    }
}

// All eight activations at once would spill what a tile's thread holds.
__device__ inline CALLED Derivatives derivativesCalled(Activation activation, float z) {
    return derivativesOf(activation, z);
}

// z to a and b. A thread takes every other sample of its column.
__device__ inline void activateTile(const Product& product, const ActivatedForward& stage, const FinishedTile& tile, int tileRows) {
    if (tile.column() >= product.columns.outer) {
        return;
    }
    const int streams = product.streams;
    const float bias = product.bias[tile.column()];
    for (int i = FinishedTile::threadRow(); i < tileRows / streams; i += ROW_STEP) {
        const int first = i / GROUP * streams * GROUP + i % GROUP;  // row of the value stream
        if (tile.row(first) >= product.rows.outer) {
            return;
        }
        const Derivatives act = derivativesCalled(stage.activation, tile.at(first) + bias);
        activateJet(
            stage.shape, act, [&](int stream) { return tile.at(first + stream * GROUP); },
            [&](int stream, float a, float b) {
                const size_t position = static_cast<size_t>(tile.row(first + stream * GROUP)) * product.pitch + tile.column();
                stage.a[position] = a;
                product.result[position] = b;
            });
    }
}

// o to dz, which takes the place of b. A thread takes half of a group's samples of its column at a time, so that their b are
// all on the way at once.
template <int STREAMS>
__device__ void deactivateTile(const Product& product, const JetShape& shape, const FinishedTile& tile, int tileRows) {
    constexpr int SAMPLES = GROUP / ROW_STEP;
    if (tile.column() >= product.columns.outer) {
        return;
    }
    for (int first = FinishedTile::threadRow() * SAMPLES; first < tileRows; first += STREAMS * GROUP) {
        if (tile.row(first) >= product.rows.outer) {
            return;
        }
        float* const place = product.result + static_cast<size_t>(tile.row(first)) * product.pitch + tile.column();
        float b[SAMPLES][STREAMS];
        for (int i = 0; i < SAMPLES; ++i) {
            for (int stream = 0; stream < STREAMS; ++stream) {
                b[i][stream] = place[static_cast<size_t>(stream * GROUP + i) * product.pitch];
            }
        }
        for (int i = 0; i < SAMPLES; ++i) {
            deactivateJet(
                shape, STREAMS, [&](int stream) { return tile.at(first + stream * GROUP + i); },
                [&](int stream) { return b[i][stream]; },
                [&](int stream, float dz) { place[static_cast<size_t>(stream * GROUP + i) * product.pitch] = dz; });
        }
    }
}

__device__ inline void finish(const Product& product, const ActivatedForward& stage, const FinishedTile& tile, int tileRows) {
    if (stage.fused) {
        activateTile(product, stage, tile, tileRows);
    } else {
        storeTile(product, tile, tileRows, product.result);
    }
}

__device__ inline void finish(const Product& product, const DeactivatedInputGradient& stage, const FinishedTile& tile,
                              int tileRows) {
    if (!stage.fused) {
        storeTile(product, tile, tileRows, product.result);
        return;
    }
    switch (product.streams) {
        case 1:
            return deactivateTile<1>(product, stage.shape, tile, tileRows);
        case 2:
            return deactivateTile<2>(product, stage.shape, tile, tileRows);
        case 3:
            return deactivateTile<3>(product, stage.shape, tile, tileRows);
        default:
            return deactivateTile<4>(product, stage.shape, tile, tileRows);
    }
}

// dW and db, of a part.
struct SummedWeightGradient {};

__device__ inline void finish(const Product& product, const SummedWeightGradient&, const FinishedTile& tile, int tileRows) {
    storeTile(product, tile, tileRows, product.result + blockIdx.y * product.partStride);
}

// db of the rows of a tile of dz, while its slabs are at hand: two threads for each row, of which each takes every other
// group of eight summed indices.
template <typename End>
struct BiasSum {
    __device__ BiasSum(const Product&, int) {}
    __device__ void add(const float*) {}
    __device__ void store(const Product&, float*, int) {}
};

template <>
struct BiasSum<SummedWeightGradient> {
    __device__ BiasSum(const Product& product, int columnBase)
        : streams(product.streams), wanted(columnBase == 0), stream(FinishedTile::threadRow() % streams) {}

    // `tile` is dz of the next slab, the first of which begins with a value stream.
    __device__ void add(const float* tile) {
        if (wanted && stream == 0) {
            const int first = FinishedTile::threadRow() * GROUP;
            ROLLED for (int k = 0; k < GROUP; ++k) {
                sum += tile[tileOffset<Contiguous::Outer>(FinishedTile::threadColumn(), first + k)];
            }
        }
        stream = (stream + SLAB / GROUP) % streams;
    }

    // Between barriers of the caller; `shared` has room for a tile's rows.
    __device__ void store(const Product& product, float* shared, int rowBase) {
        if (!wanted) {
            return;
        }
        const int row = FinishedTile::threadColumn();
        if (FinishedTile::threadRow() == 1) {
            shared[row] = sum;
        }
        __syncthreads();
        if (FinishedTile::threadRow() == 0 && rowBase + row < product.rows.outer) {
            float* const result = product.result + blockIdx.y * product.partStride + product.pitch * product.rows.outer;
            result[rowBase + row] = sum + shared[row];
        }
        __syncthreads();
    }

    const int streams;
    const bool wanted;  // by one of the blocks that share these rows; the same for all of its threads
    int stream;         // of this thread's half of the next slab
    float sum = 0.0f;
};

// The ends of products decide how their factors lie.
template <typename End>
struct Order;

template <>
struct Order<ActivatedForward> {
    static constexpr Contiguous COLUMNS = Contiguous::Summed, ROWS = Contiguous::Summed;
};

template <>
struct Order<DeactivatedInputGradient> {
    static constexpr Contiguous COLUMNS = Contiguous::Outer, ROWS = Contiguous::Summed;
};

template <>
struct Order<SummedWeightGradient> {
    static constexpr Contiguous COLUMNS = Contiguous::Outer, ROWS = Contiguous::Outer;
};

}  // namespace slicedscore
