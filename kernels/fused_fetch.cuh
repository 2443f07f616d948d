// How samples come into a block's shared memory.
#pragma once

#include "draw.cuh"
#include "fused.h"
#include "fused_pass.cuh"

namespace slicedscore::fused {

constexpr int THREADS = LANES * FUSED_WARPS;

__device__ inline int warpOf() {
    return static_cast<int>(threadIdx.x) / LANES;
}

// Of so many bytes, a multiple of 16, by the whole block.
__device__ inline void clear(unsigned char* from, int bytes) {
    for (int i = static_cast<int>(threadIdx.x); i < bytes / 16; i += THREADS) {
        reinterpret_cast<float4*>(from)[i] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    }
}

// Inputs and seeds, so that samples that only pad are zero, and columns, too. In bfloat16 also tiles: products take more of them at
// once than is written.
template <Arithmetic ARITHMETIC>
__device__ void clearPadding(const Workspace<ARITHMETIC>& work) {
    const FusedMemory& memory = work.memory;
    clear(work.base + memory.input, memory.rows * memory.inputPitch * 4);
    clear(work.base + memory.seeds, (memory.rows * memory.resultPitch * 4 + 15) / 16 * 16);
    if constexpr (ARITHMETIC == Arithmetic::Bf16) {
        for (const int tile : memory.tiles) {
            clear(work.base + tile, memory.rows * memory.tilePitch * 4);
        }
    }
}

// By a warp.
__device__ inline void copyRow(const float* from, int width, TileRow to) {
    for (int i = lane(); i < width; i += LANES) {
        to[i] = from[i];
    }
}

// What a sample of a run draws from; nothing for samples as given.
__device__ inline draw::Draw drawOf(const BatchSource& source, int sample) {
    if (source.inputs != nullptr) {
        return {};
    }
    return {source.run.seed, static_cast<uint32_t>(source.offset + sample), static_cast<uint32_t>(source.run.state->step)};
}

// x with its noise, by a warp; `noise` gets e of denoising, or is null where there is none.
__device__ inline void fetchPoint(const BatchSource& source, const draw::Draw& random, int sample, int width, int dimension, float sigma,
                                  TileRow x, float* noise) {
    if (source.inputs == nullptr) {
        draw::drawSample(source.run, random, source.offset + sample, width, dimension, sigma, x, noise);
        return;
    }
    copyRow(source.inputs + static_cast<size_t>(sample) * width, width, x);
    if (noise == nullptr) {
        return;
    }
    __syncwarp();
    for (int i = lane(); i < dimension; i += LANES) {
        noise[i] = source.slices[static_cast<size_t>(sample) * dimension + i];
        x[i] = x[i] + sigma * noise[i];
    }
}

}  // namespace slicedscore::fused
