// What one warp draws for one sample: its row of the data, the noise on it, its slices.
//
// Java twins: io.github.slicedscore.data.TrainingRows and objective.Slices. Every number is a function of (seed, step, position),
// so it does not matter which lane draws it. `Row` is a float* or anything else that is indexed like one.
#pragma once

#include "permutation.h"
#include "philox.cuh"
#include "prepare.h"
#include "sums.cuh"

namespace slicedscore::draw {

constexpr int SIGNS_A_DRAW = 128;

struct Draw {
    uint64_t seed;
    uint32_t position;
    uint32_t step;

    __device__ float4 normals(RandomStream stream, int slice, int block) const {
        return slicedscore::normals(philox(seed, position, static_cast<uint32_t>(block), stream, static_cast<uint32_t>(slice), step));
    }
};

__device__ inline float component(const float4& four, int index) {
    return index < 2 ? (index == 0 ? four.x : four.y) : (index == 2 ? four.z : four.w);
}

// Calls with every feature of this lane's blocks of four, and with the block's normal numbers.
template <typename Body>
__device__ void eachNormal(const Draw& draw, RandomStream stream, int slice, int dimension, const Body& body) {
    for (int block = lane(); 4 * block < dimension; block += LANES) {
        const float4 four = draw.normals(stream, slice, block);
        for (int i = 0; i < 4 && 4 * block + i < dimension; ++i) {
            body(4 * block + i, component(four, i));
        }
    }
}

// The uniform noise that undoes rounding. The sum is taken in double precision, as in Java.
template <typename Row>
__device__ void dequantize(const Draw& draw, const float* halfWidths, Row x, int dimension) {
    for (int block = lane(); 4 * block < dimension; block += LANES) {
        const Words words = philox(draw.seed, draw.position, static_cast<uint32_t>(block), RandomStream::Dequantization, 0, draw.step);
        const uint32_t four[4] = {words.x, words.y, words.z, words.w};
        for (int i = 0; i < 4 && 4 * block + i < dimension; ++i) {
            const int feature = 4 * block + i;
            const Uniform u = uniform(four[i]);
            const double centred = 2.0 * u.value + (u.isBelowHalf ? -1.0 : 1.0);
            x[feature] = static_cast<float>(x[feature] + halfWidths[feature] * centred);
        }
    }
}

template <typename Row>
__device__ void drawSlice(const Draw& draw, Directions directions, int slice, Row v, int dimension) {
    if (directions == Directions::Rademacher) {
        for (int block = 0; SIGNS_A_DRAW * block < dimension; ++block) {
            const Words words = philox(draw.seed, draw.position, static_cast<uint32_t>(block), RandomStream::Slices,
                                       static_cast<uint32_t>(slice), draw.step);
            for (int i = lane(); i < SIGNS_A_DRAW && SIGNS_A_DRAW * block + i < dimension; i += LANES) {
                v[SIGNS_A_DRAW * block + i] = sign(words, i);
            }
        }
        return;
    }
    double square = 0.0;
    eachNormal(draw, RandomStream::Slices, slice, dimension, [&](int i, float e) {
        v[i] = e;
        square += static_cast<double>(e) * e;
    });
    if (directions == Directions::Sphere) {
        const double scale = sqrt(dimension / warpSum(square));
        for (int block = lane(); 4 * block < dimension; block += LANES) {
            for (int i = 4 * block; i < 4 * block + 4 && i < dimension; ++i) {
                v[i] = static_cast<float>(v[i] * scale);
            }
        }
    }
}

template <typename Row>
__device__ void unitSlice(int slice, Row v, int dimension) {
    for (int i = lane(); i < dimension; i += LANES) {
        v[i] = i == slice ? 1.0f : 0.0f;
    }
}

// A sample of a run, with its noise. Feature i belongs to lane i / 4 % 32 in each of these passes, so a lane reads only what it
// wrote. `noise` gets e, where there is denoising.
template <typename Row>
__device__ void drawSample(const RunRows& source, const Draw& draw, int position, int width, int dimension, float sigma, Row x,
                           float* noise) {
    const int64_t index =
        source.staged ? position : batchRow(source.seed, source.count, source.batch, static_cast<int64_t>(source.state->step), position);
    const float* const row = source.rows + static_cast<size_t>(index) * width;
    for (int block = lane(); 4 * block < width; block += LANES) {
        for (int i = 4 * block; i < 4 * block + 4 && i < width; ++i) {
            x[i] = row[i];
        }
    }
    if (source.dequantizes) {
        dequantize(draw, source.halfWidths, x, dimension);
    }
    if (source.smoothing > 0.0f) {
        eachNormal(draw, RandomStream::Smoothing, 0, dimension, [&](int i, float e) { x[i] = x[i] + source.smoothing * e; });
    }
    if (noise != nullptr) {
        eachNormal(draw, RandomStream::Noise, 0, dimension, [&](int i, float e) {
            noise[i] = e;
            x[i] = x[i] + sigma * e;
        });
    }
}

}  // namespace slicedscore::draw
