// The gradient of a layer's weights and bias, from the adjoints of its output and its input rows, both in shared memory:
//
//   dW[i][j] = sum over all rows r of dz(r, i) x(r, j)        db[i] = sum over value rows of dz(r, i)
//
// so that the sum over streams is part of the product. A warp owns tiles of 32 outputs and 64 inputs, or 32, in registers.
#pragma once

#include "fused.h"
#include "fused_product.cuh"
#include "fused_tile.cuh"

namespace slicedscore::fused {

constexpr int OUTPUT_TILES = 2;     // of 16 outputs
constexpr int INPUT_TILES = 8;      // of 8 inputs
constexpr int FEW_INPUT_TILES = 4;  // where the kernel around it leaves fewer registers

// Where the numbers go: stored by the first to come, added by others.
struct GradientTarget {
    float* weights;  // [outputs][inputs], and behind them the bias
    int outputs;
    int inputs;
    bool adds;

    __device__ void put(float* place, float value) const { *place = adds ? *place + value : value; }
};

// The part of a tile that one step of the summed index gives; `outputs` tiles of dz and `inputs` tiles of x exist.
template <Arithmetic ARITHMETIC>
struct RowProduct;

template <>
struct RowProduct<Arithmetic::Ffma> {
    static constexpr int ROWS = 1;

    template <int INPUTS>
    __device__ static void add(const Tile<Arithmetic::Ffma>& dz, int output, int outputs, const Tile<Arithmetic::Ffma>& x, int input,
                               int inputs, int row, const Lane& lane, float (&sums)[OUTPUT_TILES][INPUTS][4]) {
        float low[OUTPUT_TILES];
        float high[OUTPUT_TILES];
#pragma unroll
        for (int i = 0; i < OUTPUT_TILES; ++i) {
            low[i] = i < outputs ? dz.load(row, output + FEATURES * i + lane.g) : 0.0f;
            high[i] = i < outputs ? dz.load(row, output + FEATURES * i + lane.g + 8) : 0.0f;
        }
#pragma unroll
        for (int j = 0; j < INPUTS; ++j) {
            if (j < inputs) {
                const float2 pair = *reinterpret_cast<const float2*>(x.at(row, input + 8 * j + 2 * lane.t));
#pragma unroll
                for (int i = 0; i < OUTPUT_TILES; ++i) {
                    sums[i][j][0] = fmaf(low[i], pair.x, sums[i][j][0]);
                    sums[i][j][1] = fmaf(low[i], pair.y, sums[i][j][1]);
                    sums[i][j][2] = fmaf(high[i], pair.x, sums[i][j][2]);
                    sums[i][j][3] = fmaf(high[i], pair.y, sums[i][j][3]);
                }
            }
        }
    }
};

// TF32, once or in three products.
template <Arithmetic ARITHMETIC>
struct RowProduct {
    static constexpr int ROWS = 8;

    template <int INPUTS>
    __device__ static void add(const Tile<ARITHMETIC>& dz, int output, int outputs, const Tile<ARITHMETIC>& x, int input, int inputs,
                               int row, const Lane& lane, float (&sums)[OUTPUT_TILES][INPUTS][4]) {
        constexpr bool SPLIT = ARITHMETIC == Arithmetic::Tf32x3;
        unsigned a[OUTPUT_TILES][4];
        unsigned aSmall[OUTPUT_TILES][4];
#pragma unroll
        for (int i = 0; i < OUTPUT_TILES; ++i) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
                const float value =
                    i < outputs ? dz.load(row + lane.t + 4 * (k / 2), output + FEATURES * i + lane.g + 8 * (k % 2)) : 0.0f;
                split<SPLIT>(value, a[i][k], aSmall[i][k]);
            }
        }
#pragma unroll
        for (int j = 0; j < INPUTS; ++j) {
            if (j < inputs) {
                unsigned b[2];
                unsigned bSmall[2];
#pragma unroll
                for (int k = 0; k < 2; ++k) {
                    split<SPLIT>(x.load(row + lane.t + 4 * k, input + 8 * j + lane.g), b[k], bSmall[k]);
                }
#pragma unroll
                for (int i = 0; i < OUTPUT_TILES; ++i) {
                    if (i < outputs) {
                        if constexpr (SPLIT) {
                            mmaTf32(sums[i][j], aSmall[i], b);
                            mmaTf32(sums[i][j], a[i], bSmall);
                        }
                        mmaTf32(sums[i][j], a[i], b);
                    }
                }
            }
        }
    }

private:
    template <bool SPLIT>
    __device__ static void split(float value, unsigned& big, unsigned& small) {
        if constexpr (SPLIT) {
            big = roundSplitToTf32(value);
            small = __float_as_uint(remainder(value, big));
        } else {
            big = __float_as_uint(value);  // rounded when it was stored
        }
    }
};

template <>
struct RowProduct<Arithmetic::Bf16> {
    static constexpr int ROWS = 16;

    template <int INPUTS>
    __device__ static void add(const Tile<Arithmetic::Bf16>& dz, int output, int outputs, const Tile<Arithmetic::Bf16>& x, int input,
                               int inputs, int row, const Lane&, float (&sums)[OUTPUT_TILES][INPUTS][4]) {
        // Four matrices of 8 rows and 8 features, transposed: lane 8 i + r gives the address of row r of matrix i.
        const int lane = static_cast<int>(threadIdx.x) % 32;
        const int r = lane % 8;
        const int i8 = lane / 8;
        unsigned a[OUTPUT_TILES][4];
#pragma unroll
        for (int i = 0; i < OUTPUT_TILES; ++i) {
            if (i < outputs) {
                loadMatrices<true>(a[i], dz.at(row + r + 8 * (i8 / 2), (output + FEATURES * i + 8 * (i8 % 2)) / 2));
            }
        }
#pragma unroll
        for (int j = 0; j < INPUTS; j += 2) {
            if (j < inputs) {
                unsigned b[4];  // of this tile and the next
                const int tile = j + 1 < inputs ? j + i8 / 2 : j;
                loadMatrices<true>(b, x.at(row + r + 8 * (i8 % 2), (input + 8 * tile) / 2));
                const unsigned first[2] = {b[0], b[1]};
                const unsigned second[2] = {b[2], b[3]};
#pragma unroll
                for (int i = 0; i < OUTPUT_TILES; ++i) {
                    if (i < outputs) {
                        mmaBf16(sums[i][j], a[i], first);
                        if (j + 1 < inputs) {
                            mmaBf16(sums[i][j + 1], a[i], second);
                        }
                    }
                }
            }
        }
    }
};

// dW from rows 0 .. rows-1, a multiple of what a step takes; rows that only pad are zero in both.
template <Arithmetic ARITHMETIC, int S>
__device__ void weightGradient(const Tile<ARITHMETIC>& dz, const Tile<ARITHMETIC>& x, int rows, const GradientTarget& target) {
    constexpr int INPUTS = ARITHMETIC == Arithmetic::Tf32x3 && S == 1 ? FEW_INPUT_TILES : INPUT_TILES;
    const Lane lane;
    const int outputTiles = (target.outputs + FEATURES - 1) / FEATURES;
    const int inputTiles = (target.inputs + 7) / 8;
    const int across = (inputTiles + INPUTS - 1) / INPUTS;
    const int units = (outputTiles + OUTPUT_TILES - 1) / OUTPUT_TILES * across;
    const bool paired = target.inputs % 2 == 0 && reinterpret_cast<size_t>(target.weights) % 8 == 0;
    for (int unit = static_cast<int>(threadIdx.x) / 32; unit < units; unit += FUSED_WARPS) {
        const int firstOutput = unit / across * OUTPUT_TILES;
        const int firstInput = unit % across * INPUTS;
        float sums[OUTPUT_TILES][INPUTS][4] = {};
        for (int row = 0; row < rows; row += RowProduct<ARITHMETIC>::ROWS) {
            RowProduct<ARITHMETIC>::add(dz, FEATURES * firstOutput, outputTiles - firstOutput, x, 8 * firstInput,
                                        inputTiles - firstInput, row, lane, sums);
        }
#pragma unroll
        for (int i = 0; i < OUTPUT_TILES; ++i) {
#pragma unroll
            for (int j = 0; j < INPUTS; ++j) {
#pragma unroll
                for (int half = 0; half < 2; ++half) {
                    const int output = FEATURES * (firstOutput + i) + lane.g + 8 * half;
                    const int input = 8 * (firstInput + j) + 2 * lane.t;
                    if (output >= target.outputs || input >= target.inputs) {
                        continue;
                    }
                    float* const place = target.weights + output * target.inputs + input;
                    const float first = sums[i][j][2 * half];
                    const float second = sums[i][j][2 * half + 1];
                    if (paired) {
                        auto* const pair = reinterpret_cast<float2*>(place);
                        *pair = target.adds ? make_float2(pair->x + first, pair->y + second) : make_float2(first, second);
                    } else {
                        target.put(place, first);
                        if (input + 1 < target.inputs) {
                            target.put(place + 1, second);
                        }
                    }
                }
            }
        }
    }
}

// db: a thread an output, sums in the order of samples.
template <Arithmetic ARITHMETIC>
__device__ void biasGradient(const Tile<ARITHMETIC>& dz, int streams, int groups, const GradientTarget& target) {
    float* const bias = target.weights + target.outputs * target.inputs;
    for (int output = static_cast<int>(threadIdx.x); output < target.outputs; output += 32 * FUSED_WARPS) {
        float sum = 0.0f;
        for (int group = 0; group < groups; ++group) {
            for (int n = 0; n < GROUP; ++n) {
                sum += dz.load(GROUP * streams * group + n, output);
            }
        }
        target.put(bias + output, sum);
    }
}

}  // namespace slicedscore::fused
