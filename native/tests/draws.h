// Random numbers by their address, in double precision.
#pragma once

#include <cmath>
#include <cstdint>

#include "philox.h"

namespace reference {

using slicedscore::philox;
using slicedscore::RandomStream;
using slicedscore::Words;

inline uint32_t wordOf(const Words& words, size_t index) {
    const uint32_t all[4] = {words.x, words.y, words.z, words.w};
    return all[index];
}

inline double uniform(uint32_t word) {
    return ((word >> 8) + 0.5) * 0x1p-24;
}

// What is needed to draw any number of a sample.
struct Drawer {
    uint64_t seed;
    uint32_t position, step;

    Words words(size_t block, RandomStream stream, size_t slice) const {
        return philox(seed, position, static_cast<uint32_t>(block), stream, static_cast<uint32_t>(slice), step);
    }
    double uniformAt(size_t feature, RandomStream stream) const { return uniform(wordOf(words(feature / 4, stream, 0), feature % 4)); }
    double normalAt(size_t feature, RandomStream stream, size_t slice) const {
        const Words four = words(feature / 4, stream, slice);
        const size_t pair = feature % 4 / 2 * 2;
        const double radius = std::sqrt(-2 * std::log(uniform(wordOf(four, pair))));
        const double angle = 2 * M_PI * uniform(wordOf(four, pair + 1));
        return radius * (feature % 2 == 0 ? std::cos(angle) : std::sin(angle));
    }
    double signAt(size_t feature, size_t slice) const {
        const Words four = words(feature / 128, RandomStream::Slices, slice);
        return (wordOf(four, feature % 128 / 32) >> (feature % 32) & 1u) == 0 ? -1 : 1;
    }
};

}  // namespace reference
