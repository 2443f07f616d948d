// Products of a layer's weights with rows in shared memory: for features i and rows r
//
//   sum_k w(i, k) x(r, k)
//
// where w is W forward and its transpose in reverse. Features are the rows of an mma tile and stacked rows its columns, so that
// 8 columns are one stream of a group of 8 samples, and the thread with g = lane / 4 and t = lane % 4 gets
//
//   sums[s][0], [1]   stream s of samples 2t and 2t+1 at feature g       sums[s][2], [3]   at feature g+8
//
// all streams of a sample: what follows element by element stays in its registers. A warp owns 16 features and keeps their
// weights in registers while it goes through the groups, so every weight comes from global memory once a block and product.
//
// Which k a lane takes is free as long as both factors agree: of 16 words it takes 4t .. 4t+3, which lie next to each other.
#pragma once

#include "fused.h"
#include "fused_tile.cuh"

namespace slicedscore::fused {

constexpr int FEATURES = 16;  // of an mma tile

// Of the summed index, what a lane takes 4 words of.
__host__ __device__ constexpr int depthOf(Arithmetic arithmetic) {
    return 16 * perWord(arithmetic);
}

struct Lane {
    int g;
    int t;

    __device__ Lane() : Lane(static_cast<int>(threadIdx.x % 32)) {}
    __device__ explicit Lane(int lane) : g(lane / 4), t(lane % 4) {}
};

struct Four {
    float v[4];
};

// W [outputs][inputs] in global memory, or a copy of it in shared memory whose rows are longer, end in zeros, and have their words
// permuted, such that neither reading by rows nor by columns meets a bank twice.
template <Arithmetic ARITHMETIC>
struct Matrix {
    const float* data;
    int outputs;
    int inputs;
    int pitch;
    bool isCopy;

    // By columns, the lanes of t = 0 .. 3 read rows that lie 4 or 8 apart.
    __device__ static int permutation(int row) {
        constexpr int SHIFT = perWord(ARITHMETIC) == 1 ? 2 : 4;
        return ((row ^ row >> 3) & 1) << 4 | (row >> SHIFT & 1) << 3;
    }
    __device__ const float* at(int row, int column) const {
        return data + row * pitch + (isCopy ? column ^ permutation(row) : column);
    }
};

// Read by its rows: w(i, k) = W[i][k].
template <Arithmetic ARITHMETIC>
struct Forward {
    const Matrix<ARITHMETIC>& matrix;
    int columns;
    bool aligned;  // every row begins at a multiple of 16 bytes, and so does its end

    __device__ explicit Forward(const Matrix<ARITHMETIC>& w)
        : matrix(w), columns(w.isCopy ? w.pitch : w.inputs),
          aligned(w.isCopy || (w.inputs % 4 == 0 && reinterpret_cast<size_t>(w.data) % 16 == 0)) {}

    __device__ int features() const { return matrix.outputs; }
    __device__ int depth() const { return matrix.inputs; }

    // w(feature, k .. k+3), zero beyond the ends.
    __device__ Four four(int feature, int k) const {
        Four result{};
        if (feature >= matrix.outputs || k >= columns) {
            return result;
        }
        if (aligned) {
            const float4 values = *reinterpret_cast<const float4*>(matrix.at(feature, k));
            result = {{values.x, values.y, values.z, values.w}};
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                result.v[i] = k + i < columns ? *matrix.at(feature, k + i) : 0.0f;
            }
        }
        return result;
    }
};

// Read by its columns: w(i, k) = W[k][i].
template <Arithmetic ARITHMETIC>
struct Transposed {
    const Matrix<ARITHMETIC>& matrix;

    __device__ explicit Transposed(const Matrix<ARITHMETIC>& w) : matrix(w) {}

    __device__ int features() const { return matrix.inputs; }
    __device__ int depth() const { return matrix.outputs; }

    __device__ Four four(int feature, int k) const {
        Four result{};
        if (feature < matrix.inputs) {
            // Rows k and k+2 are permuted alike, and so are k+1 and k+3.
            const float* const from[2] = {matrix.at(k, feature), matrix.at(k + 1, feature)};
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                result.v[i] = k + i < matrix.outputs ? from[i % 2][i / 2 * 2 * matrix.pitch] : 0.0f;
            }
        }
        return result;
    }
};

__device__ inline Four fourOf(const unsigned* words) {
    const float4 values = *reinterpret_cast<const float4*>(words);
    return {{values.x, values.y, values.z, values.w}};
}

// What TF32 leaves of a number, itself to be rounded to TF32.
__device__ inline float remainder(float value, unsigned big) {
    return value - __uint_as_float(big);
}

// big * big + big * small + small * big; the product of the small parts is below the rounding. The small ones have sums of their
// own, as tensor cores cut what is added to a large sum.
__device__ inline void multiplySplit(float (&big)[4], float (&small)[4], const float (&a)[4], const float (&b)[2]) {
    unsigned aBig[4];
    unsigned aSmall[4];
    unsigned bBig[2];
    unsigned bSmall[2];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        aBig[i] = roundSplitToTf32(a[i]);
        aSmall[i] = __float_as_uint(remainder(a[i], aBig[i]));
    }
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        bBig[i] = roundSplitToTf32(b[i]);
        bSmall[i] = __float_as_uint(remainder(b[i], bBig[i]));
    }
    mmaTf32(small, aSmall, bBig);
    mmaTf32(small, aBig, bSmall);
    mmaTf32(big, aBig, bBig);
}

// Products of 16 features with all streams of a group.
template <Arithmetic ARITHMETIC, int S, typename Weights>
class Product {
public:
    __device__ Product(const Weights& from, int firstFeature)
        : weights(from), first(firstFeature), lane(opaque(static_cast<int>(threadIdx.x % 32))) {
        const int blocks = (weights.depth() + DEPTH - 1) / DEPTH;
#pragma unroll
        for (int block = 0; block < BLOCKS; ++block) {
            if (block < blocks) {
#pragma unroll
                for (int i = 0; i < perWord(ARITHMETIC); ++i) {
                    const int k = DEPTH * block + 4 * perWord(ARITHMETIC) * lane.t + 4 * i;
                    keep(block, i, weights.four(first + lane.g, k), weights.four(first + lane.g + 8, k));
                }
            }
        }
    }

    // Rows of stream s begin at 8 (firstRow / 8 + s).
    __device__ void multiply(const Tile<ARITHMETIC>& rows, int firstRow, float (&sums)[S][4]) const {
        // Two sums each, for large and small products or for even and odd k, so that an mma need not wait for the one before.
        float parts[2][S][4] = {};
        const int blocks = (weights.depth() + DEPTH - 1) / DEPTH;
        const unsigned* places[S][PLACES];
#pragma unroll
        for (int s = 0; s < S; ++s) {
#pragma unroll
            for (int i = 0; i < PLACES; ++i) {
                places[s][i] = rows.at(firstRow + GROUP * s + lane.g, BLOCK_WORDS * i + 4 * lane.t);
            }
        }
#pragma unroll
        for (int block = 0; block < BLOCKS; ++block) {
            if (block < blocks) {
#pragma unroll
                for (int s = 0; s < S; ++s) {
                    multiplyBlock(places[s][block % PLACES] + block / PLACES * BANKS, block, parts[0][s], parts[1][s]);
                }
            }
        }
#pragma unroll
        for (int s = 0; s < S; ++s) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                sums[s][i] = parts[0][s][i] + parts[1][s][i];
            }
        }
    }

private:
    static constexpr int DEPTH = depthOf(ARITHMETIC);
    static constexpr int BLOCKS = fusedWidth(ARITHMETIC) / DEPTH;
    static constexpr int BLOCK_WORDS = 16;
    static constexpr int PLACES = BANKS / BLOCK_WORDS;  // that a block can have in a line of 32 words, which are permuted alike

    // Four weights, or in bfloat16 eight in two calls, of the features g and g+8: as words 0 .. 3 and 4 .. 7.
    __device__ void keep(int block, int part, const Four& low, const Four& high) {
        if constexpr (ARITHMETIC == Arithmetic::Bf16) {
#pragma unroll
            for (int i = 0; i < 2; ++i) {
                words[block][2 * part + i] = packBf16(low.v[2 * i], low.v[2 * i + 1]);
                words[block][4 + 2 * part + i] = packBf16(high.v[2 * i], high.v[2 * i + 1]);
            }
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                words[block][i] = word(low.v[i]);
                words[block][4 + i] = word(high.v[i]);
            }
        }
    }

    __device__ static unsigned word(float value) {
        return ARITHMETIC == Arithmetic::Tf32 ? roundToTf32(value) : __float_as_uint(value);
    }

    __device__ void multiplyBlock(const unsigned* rowWords, int block, float (&one)[4], float (&other)[4]) const {
        const Four x = fourOf(rowWords);
#pragma unroll
        for (int step = 0; step < 2; ++step) {
            const int k = 2 * step;
            if constexpr (ARITHMETIC == Arithmetic::Tf32x3) {
                const float a[4] = {weight(block, k), weight(block, 4 + k), weight(block, k + 1), weight(block, 4 + k + 1)};
                const float b[2] = {x.v[k], x.v[k + 1]};
                multiplySplit(one, other, a, b);
            } else {
                const unsigned a[4] = {words[block][k], words[block][4 + k], words[block][k + 1], words[block][4 + k + 1]};
                const unsigned b[2] = {__float_as_uint(x.v[k]), __float_as_uint(x.v[k + 1])};
                if constexpr (ARITHMETIC == Arithmetic::Bf16) {
                    mmaBf16(step == 0 ? one : other, a, b);
                } else {
                    mmaTf32(step == 0 ? one : other, a, b);
                }
            }
        }
    }

    // Opaque, or the split weights of all blocks would be kept from one group to the next, for which there are no registers.
    __device__ float weight(int block, int index) const {
        return __uint_as_float(static_cast<unsigned>(opaque(static_cast<int>(words[block][index]))));
    }

    const Weights& weights;
    const int first;
    const Lane lane;
    unsigned words[BLOCKS][8];
};

// By fused multiply-adds, in ascending order of k. A thread needs all k of its features, too many for its registers: they come
// from the cache again for each group.
template <int S, typename Weights>
class Product<Arithmetic::Ffma, S, Weights> {
public:
    __device__ Product(const Weights& from, int firstFeature) : weights(from), first(firstFeature) {}

    __device__ void multiply(const Tile<Arithmetic::Ffma>& rows, int firstRow, float (&sums)[S][4]) const {
#pragma unroll
        for (int s = 0; s < S; ++s) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                sums[s][i] = 0.0f;
            }
        }
        for (int k = 0; k < weights.depth(); k += 4) {
            const Four low = weights.four(first + lane.g, k);
            const Four high = weights.four(first + lane.g + 8, k);
#pragma unroll
            for (int s = 0; s < S; ++s) {
                const int row = firstRow + GROUP * s + 2 * lane.t;
                const Four even = fourOf(rows.at(row, k));
                const Four odd = fourOf(rows.at(row + 1, k));
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    sums[s][0] = fmaf(low.v[i], even.v[i], sums[s][0]);
                    sums[s][1] = fmaf(low.v[i], odd.v[i], sums[s][1]);
                    sums[s][2] = fmaf(high.v[i], even.v[i], sums[s][2]);
                    sums[s][3] = fmaf(high.v[i], odd.v[i], sums[s][3]);
                }
            }
        }
    }

private:
    const Weights& weights;
    const int first;
    const Lane lane;
};

// All features, by all warps: the epilogue is called with a tile of 16 features, a group, and the sums. Groups lie `streams` rows
// of 8 apart.
template <Arithmetic ARITHMETIC, int S, typename Weights, typename Epilogue>
__device__ void multiplyRows(const Weights& weights, const Tile<ARITHMETIC>& rows, int streams, int groups, const Epilogue& epilogue) {
    const int tiles = (weights.features() + FEATURES - 1) / FEATURES;
    const int sharers = tiles < FUSED_WARPS ? FUSED_WARPS / tiles : 1;  // warps with the same features and other groups
    for (int unit = static_cast<int>(threadIdx.x) / 32; unit < tiles * sharers; unit += FUSED_WARPS) {
        const int tile = unit % tiles;
        if (unit / tiles >= groups) {
            continue;
        }
        const Product<ARITHMETIC, S, Weights> product(weights, FEATURES * tile);
#pragma unroll 1
        for (int group = unit / tiles; group < groups; group += sharers) {
            float sums[S][4];
            product.multiply(rows, GROUP * streams * group, sums);
            epilogue(tile, group, sums);
        }
    }
}

}  // namespace slicedscore::fused
