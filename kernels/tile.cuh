// Tiles of factors in shared memory, and the way from them into registers.
//
// A block of 256 threads holds tiles of 128 outer by 16 summed indices, two warps by four of them multiply 64 columns by 32
// rows each. Copies are asynchronous, of 16 bytes where the factor's rows begin at multiples of them (streams always do) and
// of 4 where they don't (weights are dense, of any width).
//
// A span is 32 outer indices. Lane (g, t) of a warp holds of each span the outer indices 4g .. 4g+3 and the summed ones
// 4t .. 4t+3, for both layouts four reads of 16 bytes. Summed indices may be permuted as long as both factors are, outer ones
// as long as the result is. Eight neighbouring lanes read all 32 banks once:
//
//   Summed  [outer][16]   the halves of a line of 32 floats change places where outer / 4 is odd
//   Outer   [summed][128] outer xor 8 (summed / 4)
#pragma once

#include <cstdint>

#include "portable.cuh"
#include "product.h"
#include "tensor.h"

namespace slicedscore {

constexpr int TILE = TENSOR_TILE;
constexpr int SLAB = 16;
constexpr int TILE_FLOATS = TILE * SLAB;
constexpr int TILE_THREADS = 256;
constexpr int SPAN = 32;

// Where an element lies in a tile.
template <Contiguous ORDER>
__device__ inline int tileOffset(int outer, int summed) {
    if constexpr (ORDER == Contiguous::Summed) {
        const int chunk = (outer * (SLAB / 4) + summed / 4) ^ (outer / 4 % 2 * 4);
        return chunk * 4 + summed % 4;
    } else {
        return summed * TILE + (outer ^ (summed / 4 * 8));
    }
}

// The part of a factor that a block multiplies: outer indices from one on, and the summed ones begin .. end-1. A thread keeps
// where its next copies begin and how far the factor goes from there.
template <Contiguous ORDER>
class TileSource {
public:
    __device__ TileSource(const Factor& factor, int firstOuter, int begin, int end)
        : pitch(factor.pitch), aligned((reinterpret_cast<uintptr_t>(factor.data) / sizeof(float) | factor.pitch) % 4 == 0) {
        const int outer = firstOuter + placeOf(aligned ? 4 : 1).outer;
        const int summed = begin + placeOf(aligned ? 4 : 1).summed;
        next = factor.data + (ALONG_SUM ? outer * pitch + summed : summed * pitch + outer);
        outerLeft = factor.outer - outer;
        summedLeft = end - summed;
    }

    // Starts this thread's copies of the next slab; zeros for what is not there.
    __device__ void copyNext(float* tile) {
        if (aligned) {
            for (int load = 0; load < TILE_FLOATS / (4 * TILE_THREADS); ++load) {
                copy<4>(tile, load);
            }
        } else {
            ROLLED for (int load = 0; load < TILE_FLOATS / TILE_THREADS; ++load) {
                copy<1>(tile, load);
            }
        }
        next += ALONG_SUM ? SLAB : SLAB * pitch;
        summedLeft -= SLAB;
    }

private:
    static constexpr bool ALONG_SUM = ORDER == Contiguous::Summed;

    struct Place {
        int outer, summed;
    };

    // Where in tile and slab a thread's first copy goes, for copies of so many floats.
    __device__ static Place placeOf(int width) {
        const int index = static_cast<int>(threadIdx.x) * width;
        return ALONG_SUM ? Place{index / SLAB, index % SLAB} : Place{index % TILE, index / TILE};
    }

    template <int WIDTH>
    __device__ void copy(float* tile, int load) const {
        constexpr int LINES = TILE_THREADS * WIDTH / (ALONG_SUM ? SLAB : TILE);  // that the block's threads copy at a time
        const int line = load * LINES;
        const Place place = placeOf(WIDTH);
        const int linesLeft = (ALONG_SUM ? outerLeft : summedLeft) - line;
        const int left = ALONG_SUM ? summedLeft : outerLeft;
        const int valid = linesLeft > 0 ? min(max(left, 0), WIDTH) : 0;
        float* const target =
            tile + tileOffset<ORDER>(place.outer + (ALONG_SUM ? line : 0), place.summed + (ALONG_SUM ? 0 : line));
        if constexpr (WIDTH == 4) {
            copyAsync16(target, next + line * pitch, valid * static_cast<int>(sizeof(float)));
        } else {
            copyAsync4(target, next + line * pitch, valid * static_cast<int>(sizeof(float)));
        }
    }

    const size_t pitch;
    const bool aligned;
    const float* next;
    int outerLeft;
    int summedLeft;
};

// A lane's part of a span: [outer 4g ..][summed 4t ..].
struct Span {
    float values[4][4];
};

template <Contiguous ORDER>
__device__ inline Span loadSpan(const float* tile, int firstOuter) {
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int outer = firstOuter + lane / 4 * 4;
    const int summed = lane % 4 * 4;
    Span span;
    for (int i = 0; i < 4; ++i) {
        if constexpr (ORDER == Contiguous::Summed) {
            const float4 four = *reinterpret_cast<const float4*>(tile + tileOffset<ORDER>(outer + i, summed));
            span.values[i][0] = four.x;
            span.values[i][1] = four.y;
            span.values[i][2] = four.z;
            span.values[i][3] = four.w;
        } else {
            const float4 four = *reinterpret_cast<const float4*>(tile + tileOffset<ORDER>(outer, summed + i));
            span.values[0][i] = four.x;
            span.values[1][i] = four.y;
            span.values[2][i] = four.z;
            span.values[3][i] = four.w;
        }
    }
    return span;
}

}  // namespace slicedscore
