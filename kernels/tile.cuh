// Tiles of factors in shared memory, and the way from them into registers.
//
// A block of 256 threads holds tiles of 128 outer by 16 summed indices, two warps by four of them multiply 64 columns by 32
// rows each. Copies are asynchronous, of 16 bytes where the factor's rows begin at multiples of them (streams always do) and
// of 4 where they don't (weights are dense, of any width).
//
// A span is 32 outer indices by half a slab. Lane (g, t) of a warp holds of each the outer indices 4g .. 4g+3 and the summed ones
// 2t and 2t+1, for both layouts in reads of whole vectors. Outer indices may be permuted so because the result is, too. The
// lanes that are served at once read each of the 32 banks once:
//
//   Summed  [outer][16]   the four pieces of 8 floats of a pair of rows change places by outer / 4
//   Outer   [summed][128] outer xor 8 (summed / 2)
#pragma once

#include <cstddef>
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
constexpr int HALF = SLAB / 2;

// Multiples of which rows of a factor begin at, in bytes.
enum class Alignment { Four, Sixteen };

inline Alignment alignmentOf(const Factor& factor) {
    const bool whole = (reinterpret_cast<uintptr_t>(factor.data) / sizeof(float) | factor.pitch) % 4 == 0;
    return whole ? Alignment::Sixteen : Alignment::Four;
}

// Where an element lies in a tile.
template <Contiguous ORDER>
__device__ inline int tileOffset(int outer, int summed) {
    if constexpr (ORDER == Contiguous::Summed) {
        return (outer * SLAB + summed) ^ (outer / 4 % 4 * 8);
    } else {
        return summed * TILE + (outer ^ (summed / 2 % 4 * 8));
    }
}

// The part of a factor that a block multiplies: outer indices from one on, and the summed ones begin .. end-1. A thread keeps
// where its next copies begin and how far the factor goes from there. A line is what is contiguous; a thread copies along
// several lines of a tile, one copy of each.
template <Contiguous ORDER, Alignment ALIGNMENT>
class TileSource {
public:
    __device__ TileSource(const Factor& from, int firstOuter, int begin, int end) : factor(from) {
        const int line = (ALONG_SUM ? firstOuter : begin) + firstLine();
        const int position = (ALONG_SUM ? begin : firstOuter) + inLine();
        next = factor.data + static_cast<size_t>(line) * factor.pitch + position;
        linesLeft = (ALONG_SUM ? factor.outer : end) - line;
        left = (ALONG_SUM ? end : factor.outer) - position;
    }

    // Starts this thread's copies of the next slab; zeros for what is not there.
    __device__ void copyNext(float* tile) {
        if constexpr (WIDTH == 4) {
            for (int load = 0; load < LOADS; ++load) {
                copy(tile, load);
            }
        } else {
            ROLLED for (int load = 0; load < LOADS; ++load) {
                copy(tile, load);
            }
        }
        next += ALONG_SUM ? SLAB : SLAB * factor.pitch;
        (ALONG_SUM ? left : linesLeft) -= SLAB;
    }

private:
    static constexpr bool ALONG_SUM = ORDER == Contiguous::Summed;
    static constexpr int WIDTH = ALIGNMENT == Alignment::Sixteen ? 4 : 1;  // floats of a copy
    static constexpr int LOADS = TILE_FLOATS / (WIDTH * TILE_THREADS);
    static constexpr int LINE = ALONG_SUM ? SLAB : TILE;
    // From one line of a thread to its next: far apart, or side by side, where this keeps the swizzle the same.
    static constexpr int STEP = ALONG_SUM ? TILE / LOADS : 1;

    __device__ static int firstLine() { return static_cast<int>(threadIdx.x) / (LINE / WIDTH) * (ALONG_SUM ? 1 : LOADS); }
    __device__ static int inLine() { return static_cast<int>(threadIdx.x) % (LINE / WIDTH) * WIDTH; }

    __device__ void copy(float* tile, int load) const {
        const int line = load * STEP;
        const int valid = line < linesLeft ? min(max(left, 0), WIDTH) : 0;
        const int inTile = firstLine() + line;
        float* const target = tile + (ALONG_SUM ? tileOffset<ORDER>(inTile, inLine()) : tileOffset<ORDER>(inLine(), inTile));
        const float* const source = next + line * factor.pitch;
        if constexpr (WIDTH == 4) {
            copyAsync16(target, source, valid * static_cast<int>(sizeof(float)));
        } else {
            copyAsync4(target, source, valid * static_cast<int>(sizeof(float)));
        }
    }

    const Factor& factor;
    const float* next;
    int linesLeft;
    int left;  // in a line
};

// A lane's part of a span: [outer 4g ..][summed 2t ..].
struct Span {
    float values[4][2];
};

// Reads spans; a lane keeps where its part of the first one begins.
template <Contiguous ORDER>
class SpanReader {
public:
    __device__ SpanReader() {
        const int lane = static_cast<int>(threadIdx.x) % 32;
        const int outer = lane / 4 * 4;
        const int summed = lane % 4 * 2;
        if constexpr (ORDER == Contiguous::Summed) {
            for (int i = 0; i < 4; ++i) {
                place[i] = tileOffset<ORDER>(outer + i % 2, summed + i / 2 * HALF);
            }
        } else {
            place[0] = tileOffset<ORDER>(outer, summed);
        }
    }

    __device__ Span load(const float* tile, int firstOuter, int half) const {
        Span span;
        if constexpr (ORDER == Contiguous::Summed) {
            for (int i = 0; i < 4; ++i) {
                const int inPair = place[half * 2 + i % 2];  // pairs of rows have the same swizzle
                const float2 two = *reinterpret_cast<const float2*>(tile + firstOuter * SLAB + inPair + i / 2 * 2 * SLAB);
                span.values[i][0] = two.x;
                span.values[i][1] = two.y;
            }
        } else {
            for (int k = 0; k < 2; ++k) {
                const float4 four = *reinterpret_cast<const float4*>(tile + firstOuter + place[0] + (half * HALF + k) * TILE);
                span.values[0][k] = four.x;
                span.values[1][k] = four.y;
                span.values[2][k] = four.z;
                span.values[3][k] = four.w;
            }
        }
        return span;
    }

private:
    int place[ORDER == Contiguous::Summed ? 4 : 1];
};

}  // namespace slicedscore
