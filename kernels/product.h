// A matrix product as kernels take it, whatever they compute it with.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace slicedscore {

// Which index of a factor is the one that is contiguous in memory.
enum class Contiguous { Outer, Summed };

// A factor of a product: element (outer, summed).
struct Factor {
    const float* data;
    size_t pitch;
    int outer;
};

// result(row, column) = sum over k of rows(row, k) columns(column, k), + bias(column) where the row is of a value stream
struct Product {
    Factor rows;
    Factor columns;
    int depth;
    int part;       // depth that one part sums over
    int parts;      // results of their own
    float* result;  // its columns are contiguous
    size_t pitch;
    size_t partStride;
    const float* bias;  // null for none
    int streams;
};

__host__ __device__ constexpr unsigned tilesOf(int count, int tile) {
    return (static_cast<unsigned>(count) + static_cast<unsigned>(tile) - 1) / static_cast<unsigned>(tile);
}

}  // namespace slicedscore
