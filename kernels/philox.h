// Philox4x32-10: random numbers by counter, the same on every device and launch shape.
//
// Java twin: io.github.slicedscore.math.Philox. The integer words and everything that is exact in them, signs and
// uniforms, are the same bits; normal numbers, in philox.cuh, agree to rounding.
//
// Layout 1: key = the 64-bit seed, low word first; c0 = position in the global batch, c1 = feature block (128 signs or 4
// floats), c2 = tag << 24 | slice, c3 = step.
//
// J. Salmon, M. Moraes, R. Dror, D. Shaw. Parallel random numbers: as easy as 1, 2, 3. SC 2011.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace slicedscore {

// What a number is for; the tags of Java's RandomStream.
enum class RandomStream : uint32_t {
    Slices = 1,
    Noise = 2,
    Levels = 3,
    Sampler = 4,
    Initialization = 5,
    Dequantization = 6,
    Smoothing = 7,
    Split = 8,
    Toy = 9,
};

struct Words {
    uint32_t x, y, z, w;
};

__host__ __device__ inline Words philox(uint64_t seed, Words counter) {
    uint32_t key0 = static_cast<uint32_t>(seed);
    uint32_t key1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const uint64_t product0 = 0xD2511F53ull * counter.x;
        const uint64_t product1 = 0xCD9E8D57ull * counter.z;
        counter = {static_cast<uint32_t>(product1 >> 32) ^ counter.y ^ key0, static_cast<uint32_t>(product1),
                   static_cast<uint32_t>(product0 >> 32) ^ counter.w ^ key1, static_cast<uint32_t>(product0)};
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return counter;
}

// The four words of a position, feature block, stream and slice, and step.
__host__ __device__ inline Words philox(uint64_t seed, uint32_t position, uint32_t block, RandomStream stream,
                                        uint32_t slice, uint32_t step) {
    return philox(seed, Words{position, block, static_cast<uint32_t>(stream) << 24 | slice, step});
}

// A uniform number strictly between 0 and 1, ((word >> 8) + 1/2) 2^-24, as its distance from the nearer end: it has 25 bits,
// so a float would round it, at the upper end to 1.
struct Uniform {
    float value;  // u where below one half, else u - 1
    bool isBelowHalf;
};

__host__ __device__ inline Uniform uniform(uint32_t word) {
    const uint32_t bits = word >> 8;
    const bool isBelowHalf = bits < 1u << 23;
    const float units = isBelowHalf ? static_cast<float>(bits) + 0.5f : static_cast<float>((1u << 24) - 1u - bits) + 0.5f;
    return {(isBelowHalf ? units : -units) * 0x1p-24f, isBelowHalf};
}

// Sign number 0..127 of a draw: +1 where its bit is set.
__host__ __device__ inline float sign(const Words& words, int index) {
    const uint32_t word = index < 64 ? (index < 32 ? words.x : words.y) : (index < 96 ? words.z : words.w);
    return (word >> (index & 31) & 1u) != 0 ? 1.0f : -1.0f;
}

}  // namespace slicedscore
