// Products of spans on tensor cores, for each arithmetic: how factors are rounded, and with which instructions they meet.
//
//   TF32     c += C R                               C, R rounded to 11 bits, halves away from zero
//   tf32x3   c += C R' + C' R + C R                 x = C + C' with C' = x - C rounded likewise: 22 bits and more
//   BF16     c += C R                               rounded to 8 bits, halves to even
//
// A warp's sums are of 64 columns, two spans, by 32 rows, one. Tensor cores cut each sum instead of rounding it, and products of
// three terms cut three times as often: tf32x3 is drained into sums of single precision every DRAIN of the summed index.
#pragma once

#include "arithmetic.h"
#include "tile.cuh"

namespace slicedscore {

// Sums of a span of columns by one of rows: c[i][j] is the tile of mma for the columns 4g + 2i (c[0], c[1]) and 4g + 2i + 1
// (c[2], c[3]) and the rows 8t + j (c[0], c[2]) and 8t + 4 + j (c[1], c[3]).
struct SpanSums {
    float c[2][4][4];
};

template <Arithmetic ARITHMETIC>
struct Rounded;

template <>
struct Rounded<Arithmetic::Tf32> {
    unsigned bits[4][4];

    __device__ explicit Rounded(const Span& span) {
        for (int i = 0; i < 4; ++i) {
            for (int k = 0; k < 4; ++k) {
                bits[i][k] = roundToTf32(span.values[i][k]);
            }
        }
    }
};

template <>
struct Rounded<Arithmetic::Tf32x3> {
    unsigned big[4][4];
    unsigned small[4][4];

    __device__ explicit Rounded(const Span& span) {
        for (int i = 0; i < 4; ++i) {
            for (int k = 0; k < 4; ++k) {
                big[i][k] = roundToTf32(span.values[i][k]);
                small[i][k] = roundToTf32(span.values[i][k] - __uint_as_float(big[i][k]));
            }
        }
    }
};

template <>
struct Rounded<Arithmetic::Bf16> {
    unsigned bits[4][2];

    __device__ explicit Rounded(const Span& span) {
        for (int i = 0; i < 4; ++i) {
            for (int k = 0; k < 2; ++k) {
                bits[i][k] = packBf16(span.values[i][2 * k], span.values[i][2 * k + 1]);
            }
        }
    }
};

// Two instructions of 8 summed indices for the 16 of a slab.
__device__ inline void multiplyTf32(SpanSums& sums, const unsigned (&columns)[4][4], const unsigned (&rows)[4][4]) {
    for (int k = 0; k < 4; k += 2) {
        for (int i = 0; i < 2; ++i) {
            const unsigned a[4] = {columns[2 * i][k], columns[2 * i + 1][k], columns[2 * i][k + 1], columns[2 * i + 1][k + 1]};
            for (int j = 0; j < 4; ++j) {
                const unsigned b[2] = {rows[j][k], rows[j][k + 1]};
                mmaTf32(sums.c[i][j], a, b);
            }
        }
    }
}

__device__ inline void multiply(SpanSums& sums, const Rounded<Arithmetic::Tf32>& columns,
                                const Rounded<Arithmetic::Tf32>& rows) {
    multiplyTf32(sums, columns.bits, rows.bits);
}

// The small products first, while the sums are small.
__device__ inline void multiply(SpanSums& sums, const Rounded<Arithmetic::Tf32x3>& columns,
                                const Rounded<Arithmetic::Tf32x3>& rows) {
    multiplyTf32(sums, columns.big, rows.small);
    multiplyTf32(sums, columns.small, rows.big);
    multiplyTf32(sums, columns.big, rows.big);
}

__device__ inline void multiply(SpanSums& sums, const Rounded<Arithmetic::Bf16>& columns,
                                const Rounded<Arithmetic::Bf16>& rows) {
    for (int i = 0; i < 2; ++i) {
        const unsigned a[4] = {columns.bits[2 * i][0], columns.bits[2 * i + 1][0], columns.bits[2 * i][1], columns.bits[2 * i + 1][1]};
        for (int j = 0; j < 4; ++j) {
            mmaBf16(sums.c[i][j], a, rows.bits[j]);
        }
    }
}

}  // namespace slicedscore
