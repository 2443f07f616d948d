// A keyed permutation of 0 .. size-1 without memory: a six-round Feistel network with cycle walking.
//
// Java twins: io.github.slicedscore.math.Permutation, which defines it, and data.BatchOrder.
#pragma once

#include "philox.h"

namespace slicedscore {

class Permutation {
public:
    __host__ __device__ Permutation(uint64_t seed, int64_t epoch, int64_t size) : count(static_cast<uint64_t>(size)) {
        const uint32_t low = static_cast<uint32_t>(epoch);
        const uint32_t high = static_cast<uint32_t>(static_cast<uint64_t>(epoch) >> 32);
        const Words first = philox(seed, Words{low, high, 0xFE000000u, 0});
        const Words second = philox(seed, Words{low, high, 0xFE000000u, 1});
        const uint32_t words[ROUNDS] = {first.x, first.y, first.z, first.w, second.x, second.y};
        for (int i = 0; i < ROUNDS; ++i) {
            keys[i] = words[i];
        }
        // The smallest even number of bits, two at least, that holds size - 1.
        while (halfBits < 31 && (count - 1) >> (2 * halfBits) != 0) {
            ++halfBits;
        }
    }

    __host__ __device__ int64_t operator()(int64_t index) const {
        uint64_t value = static_cast<uint64_t>(index);
        do {
            value = encrypt(value);
        } while (value >= count);
        return static_cast<int64_t>(value);
    }

private:
    static constexpr int ROUNDS = 6;

    __host__ __device__ uint64_t encrypt(uint64_t value) const {
        const uint32_t mask = (1u << halfBits) - 1;
        uint32_t left = static_cast<uint32_t>(value >> halfBits);
        uint32_t right = static_cast<uint32_t>(value) & mask;
        for (int round = 0; round < ROUNDS; ++round) {
            const uint32_t next = left ^ (mix(right * 0x9E3779B9u + keys[round]) & mask);
            left = right;
            right = next;
        }
        return static_cast<uint64_t>(left) << halfBits | right;
    }

    __host__ __device__ static uint32_t mix(uint32_t z) {
        z = (z ^ z >> 16) * 0x85EBCA6Bu;
        z = (z ^ z >> 13) * 0xC2B2AE35u;
        return z ^ z >> 16;
    }

    uint64_t count;
    uint32_t keys[ROUNDS];
    int halfBits = 1;
};

// The row at a position of a step's batch; batches are full and straddle epochs.
__host__ __device__ inline int64_t batchRow(uint64_t seed, int64_t rows, int64_t batch, int64_t step, int64_t position) {
    const int64_t global = step * batch + position;
    const int64_t epoch = global / rows;
    return Permutation(seed, epoch, rows)(global - epoch * rows);
}

}  // namespace slicedscore
