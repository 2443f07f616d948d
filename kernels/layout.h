// How the streams of a batch lie in memory, for host and device code.
//
// Streams stand in the order value, tangents 1 .. T, second order, as in Java's JetShape. Samples come in groups of 8, and a
// group's rows stream by stream, so that one thread of a matrix product can hold every stream of a sample:
//
//   row(n, s) = (n / 8 * S + s) * 8 + n % 8
//
// The last group is padded with samples whose seeds are zero, so that they add nothing to any gradient.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

namespace slicedscore {

constexpr int GROUP = 8;

// Rows begin at multiples of so many floats.
constexpr int PITCH = 16;

// Which streams a jet carries beside its value. The second-order stream, if any, is the sum over the first `curved` tangents.
struct JetShape {
    int tangents;
    int curved;

    __host__ __device__ constexpr bool second() const { return curved > 0; }
    __host__ __device__ constexpr int streams() const { return 1 + tangents + (second() ? 1 : 0); }
};

__host__ __device__ constexpr int groupsOf(int samples) {
    return (samples + GROUP - 1) / GROUP;
}

__host__ __device__ constexpr int pitchOf(int width) {
    return (width + PITCH - 1) / PITCH * PITCH;
}

// Rows of all streams of a batch.
struct JetMatrix {
    float* data;
    int pitch;
    int streams;

    __host__ __device__ float* row(int sample, int stream) const {
        const size_t index = (static_cast<size_t>(sample / GROUP) * streams + stream) * GROUP + sample % GROUP;
        return data + index * pitch;
    }
};

}  // namespace slicedscore
