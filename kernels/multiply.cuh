// Products of spans on tensor cores, for each arithmetic: how factors are rounded, and with which instructions they meet.
//
//   TF32     c += C R                               C, R rounded to 11 bits, halves away from zero
//   tf32x3   c += C R' + C' R + C R                 x = C + C' with C' = x - C rounded likewise: 22 bits and more
//   BF16     c += C R                               rounded to 8 bits, halves to even
//
// A warp's sums are of 64 columns, two spans, by 32 rows, one. Tensor cores cut each sum instead of rounding it, and products of
// three terms cut three times as often: tf32x3 is drained into sums of single precision every DRAIN of the summed index. The
// others are not, which would double their registers: in the emulation, sums of 12288 random rows err by 4.1e-4 in TF32, of
// which rounded factors make 3e-4, and by 3.1e-3 in BF16 of 2.4e-3; undrained tf32x3 by 2.6e-4, drained by 1.2e-6.
#pragma once

#include "arithmetic.h"
#include "tile.cuh"

namespace slicedscore {

constexpr int COLUMN_SPANS = 2;  // of a warp
constexpr int DRAIN = 64;        // summed indices

// Sums of a span of columns by one of rows: c[i][j] is the tile of mma for the columns 4g + 2i (c[0], c[1]) and 4g + 2i + 1
// (c[2], c[3]) and the rows 8t + j (c[0], c[2]) and 8t + 4 + j (c[1], c[3]).
struct SpanSums {
    float c[2][4][4];
};

// Keeps compilers from loading all spans ahead, for which the registers of two blocks don't do.
__device__ inline void inOrder() {
    __syncwarp();
}

template <typename Reader>
__device__ inline Span loadSpan(const Reader& reader, const float* tile, int firstOuter, int half) {
    inOrder();
    return reader.load(tile, firstOuter, half);
}

// A lane's part of a span for one instruction, of 8 or 16 summed indices.
template <Arithmetic ARITHMETIC>
struct Rounded;

template <>
struct Rounded<Arithmetic::Tf32> {
    static constexpr int DEPTH = 8;
    unsigned bits[4][2];

    template <typename Reader>
    __device__ Rounded(const Reader& reader, const float* tile, int firstOuter, int base) {
        const Span span = loadSpan(reader, tile, firstOuter, base / HALF);
        for (int i = 0; i < 4; ++i) {
            for (int k = 0; k < 2; ++k) {
                bits[i][k] = roundToTf32(span.values[i][k]);
            }
        }
    }
};

template <>
struct Rounded<Arithmetic::Tf32x3> {
    static constexpr int DEPTH = 8;
    unsigned big[4][2];
    unsigned small[4][2];

    template <typename Reader>
    __device__ Rounded(const Reader& reader, const float* tile, int firstOuter, int base) {
        const Span span = loadSpan(reader, tile, firstOuter, base / HALF);
        for (int i = 0; i < 4; ++i) {
            for (int k = 0; k < 2; ++k) {
                big[i][k] = roundSplitToTf32(span.values[i][k]);
                small[i][k] = __float_as_uint(span.values[i][k] - __uint_as_float(big[i][k]));
            }
        }
    }
};

template <>
struct Rounded<Arithmetic::Bf16> {
    static constexpr int DEPTH = 16;
    unsigned bits[4][2];

    template <typename Reader>
    __device__ Rounded(const Reader& reader, const float* tile, int firstOuter, int base) {
        for (int half = 0; half < 2; ++half) {
            const Span span = loadSpan(reader, tile, firstOuter, base / HALF + half);
            for (int i = 0; i < 4; ++i) {
                bits[i][half] = packBf16(span.values[i][0], span.values[i][1]);
            }
        }
    }
};

// Both kinds of instruction take a lane's numbers in the same places: the first half of summed indices, then the second.
template <typename Instruction>
__device__ inline void multiply(SpanSums& sums, const unsigned (&columns)[4][2], const unsigned (&rows)[4][2],
                                const Instruction& instruction) {
    for (int i = 0; i < 2; ++i) {
        const unsigned a[4] = {columns[2 * i][0], columns[2 * i + 1][0], columns[2 * i][1], columns[2 * i + 1][1]};
        for (int j = 0; j < 4; ++j) {
            instruction(sums.c[i][j], a, rows[j]);
        }
    }
}

template <Arithmetic ARITHMETIC>
__device__ inline void multiply(SpanSums& sums, const Rounded<ARITHMETIC>& columns, const Rounded<ARITHMETIC>& rows) {
    inOrder();
    if constexpr (ARITHMETIC == Arithmetic::Bf16) {
        multiply(sums, columns.bits, rows.bits, mmaBf16);
    } else if constexpr (ARITHMETIC == Arithmetic::Tf32) {
        multiply(sums, columns.bits, rows.bits, mmaTf32);
    } else {  // the small products first
        multiply(sums, columns.big, rows.small, mmaTf32);
        multiply(sums, columns.small, rows.big, mmaTf32);
        multiply(sums, columns.big, rows.big, mmaTf32);
    }
}

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

}  // namespace slicedscore
