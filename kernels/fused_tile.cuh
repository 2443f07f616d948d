// A matrix of stacked rows in shared memory, as factor of tensor-core products.
//
// A word holds one number in single precision or TF32, or two in bfloat16. Rows have a multiple of 32 words, one for each bank,
// and a row's words are permuted by exclusive or, such that each of these meets no bank twice:
//
//   the words 4t .. 4t+3 of rows 0 .. 7             a factor whose summed index is a feature
//   the word g of rows t or t+4, for g = 0 .. 7     a factor whose summed index is a row
//
// with t = 0 .. 3. The permutation keeps four words together.
#pragma once

#include "arithmetic.h"
#include "portable.cuh"

namespace slicedscore::fused {

constexpr int BANKS = 32;

__host__ __device__ constexpr int perWord(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::Bf16 ? 2 : 1;
}

__host__ __device__ constexpr int permutation(int row) {
    return (row & 1) << 4 | (row & 2) << 2 | (row & 4);
}

// A row of single-precision numbers.
struct TileRow {
    float* base;
    int mask;

    __device__ float& operator[](int feature) const { return base[feature ^ mask]; }
};

template <Arithmetic ARITHMETIC>
struct Tile {
    unsigned* words;
    int pitch;

    __device__ unsigned* at(int row, int word) const { return words + row * pitch + (word ^ permutation(row)); }

    __device__ void store(int row, int feature, float value) const {
        if constexpr (ARITHMETIC == Arithmetic::Bf16) {
            auto* const word = reinterpret_cast<unsigned short*>(at(row, feature / 2));
            word[feature % 2] = static_cast<unsigned short>(packBf16(value, 0.0f));
        } else if constexpr (ARITHMETIC == Arithmetic::Tf32) {
            *at(row, feature) = roundToTf32(value);
        } else {
            *at(row, feature) = __float_as_uint(value);
        }
    }

    __device__ float load(int row, int feature) const {
        if constexpr (ARITHMETIC == Arithmetic::Bf16) {
            const unsigned word = *at(row, feature / 2);
            return __uint_as_float(feature % 2 == 0 ? word << 16 : word & 0xffff0000u);
        } else {
            return __uint_as_float(*at(row, feature));
        }
    }
};

}  // namespace slicedscore::fused
