// Layouts of mma, ldmatrix and cp.async: on a GPU this proves the tables that the emulation is built on, on the emulated
// device that the emulation keeps to them. Small integers, so that every sum is exact.

#include "device.h"
#include "portable.cuh"

using namespace slicedscore;

namespace {

constexpr int ROWS = 16;
constexpr int COLUMNS = 8;

__device__ unsigned bf16Bits(float value) {
    return __float_as_uint(value) >> 16;  // exact for small integers
}

__device__ unsigned bf16Pair(const float* row, int column) {
    return bf16Bits(row[column]) | bf16Bits(row[column + 1]) << 16;
}

__device__ void storeTile(float* result, const float (&c)[4], int g, int t) {
    result[g * COLUMNS + 2 * t] = c[0];
    result[g * COLUMNS + 2 * t + 1] = c[1];
    result[(g + 8) * COLUMNS + 2 * t] = c[2];
    result[(g + 8) * COLUMNS + 2 * t + 1] = c[3];
}

// a is [16][8], b is [8 columns][8], as W is stored: result = a b^T + 1
__global__ void multiplyTf32(const float* a, const float* b, float* result) {
    const int g = static_cast<int>(threadIdx.x) / 4;
    const int t = static_cast<int>(threadIdx.x) % 4;
    float c[4] = {1, 1, 1, 1};
    const unsigned left[4] = {roundToTf32(a[g * 8 + t]), roundToTf32(a[(g + 8) * 8 + t]), roundToTf32(a[g * 8 + t + 4]),
                              roundToTf32(a[(g + 8) * 8 + t + 4])};
    const unsigned right[2] = {roundToTf32(b[g * 8 + t]), roundToTf32(b[g * 8 + t + 4])};
    mmaTf32(c, left, right);
    storeTile(result, c, g, t);
}

// The same with 16 columns of a, in bfloat16; operands of a by ldmatrix.
__global__ void multiplyBf16(const float* a, const float* b, float* result) {
    SHARED_ARRAY(uint16_t, tile, [ROWS][24]);  // rows are 48 bytes, a multiple of 16
    const int lane = static_cast<int>(threadIdx.x);
    const int g = lane / 4;
    const int t = lane % 4;
    for (int i = lane; i < ROWS * 16; i += 32) {
        tile[i / 16][i % 16] = static_cast<uint16_t>(bf16Bits(a[i]));
    }
    __syncwarp();
    // Matrices in the order of the operand: rows 0-7, rows 8-15, then both eight columns further.
    unsigned left[4];
    loadMatrices<false>(left, &tile[lane % 16][lane / 16 * 8]);
    const unsigned right[2] = {bf16Pair(b + g * 16, 2 * t), bf16Pair(b + g * 16, 2 * t + 8)};
    float c[4] = {1, 1, 1, 1};
    mmaBf16(c, left, right);
    storeTile(result, c, g, t);
}

// Element (row, column) of matrix i holds 64 i + 8 row + column.
template <bool TRANSPOSED>
__global__ void load(unsigned* result) {
    SHARED_ARRAY(uint16_t, tile, [32][8]);
    const int lane = static_cast<int>(threadIdx.x);
    for (int column = 0; column < 8; ++column) {
        tile[lane][column] = static_cast<uint16_t>(8 * lane + column);
    }
    __syncwarp();
    unsigned matrices[4];
    loadMatrices<TRANSPOSED>(matrices, tile[lane]);
    for (int i = 0; i < 4; ++i) {
        result[4 * lane + i] = matrices[i];
    }
}

// Two stages of 32 x 4 floats, of which the last three are not there: copies in flight while the other stage is read.
__global__ void copy(const float* source, float* target, int stages) {
    DYNAMIC_SHARED(float, buffer);
    const int lane = static_cast<int>(threadIdx.x);
    const auto start = [&](int stage) {
        const bool last = stage == stages - 1 && lane == 31;
        copyAsync16(buffer + (stage % 2 * 32 + lane) * 4, source + (stage * 32 + lane) * 4, last ? 4 : 16);
        commitCopies();
    };
    start(0);
    for (int stage = 0; stage < stages; ++stage) {
        if (stage + 1 < stages) {
            start(stage + 1);
            waitForCopies<1>();
        } else {
            waitForCopies<0>();
        }
        __syncthreads();
        const int other = 31 - lane;  // another thread's copy
        for (int i = 0; i < 4; ++i) {
            target[(stage * 32 + other) * 4 + i] = buffer[(stage % 2 * 32 + other) * 4 + i];
        }
        __syncthreads();
    }
}

std::vector<float> integers(int count, int factor) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(i * factor % 17 - 8));
    }
    return values;
}

void checkProduct(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& result, int depth) {
    for (int row = 0; row < ROWS; ++row) {
        for (int column = 0; column < COLUMNS; ++column) {
            float expected = 1;
            for (int k = 0; k < depth; ++k) {
                expected += a[static_cast<size_t>(row * depth + k)] * b[static_cast<size_t>(column * depth + k)];
            }
            CHECK(result[static_cast<size_t>(row * COLUMNS + column)] == expected);
        }
    }
}

void checkMultiply(void (*kernel)(const float*, const float*, float*), int depth) {
    const auto a = integers(ROWS * depth, 7);
    const auto b = integers(COLUMNS * depth, 5);
    const DeviceArray<float> deviceA(a);
    const DeviceArray<float> deviceB(b);
    const DeviceArray<float> result(ROWS * COLUMNS);
    const cudaLaunchConfig_t config = launchConfig(1, 32);
    CHECK_CUDA(cudaLaunchKernelEx(&config, kernel, static_cast<const float*>(deviceA.get()),
                                  static_cast<const float*>(deviceB.get()), result.get()));
    checkProduct(a, b, result.host(), depth);
}

template <bool TRANSPOSED>
void checkLoad() {
    const DeviceArray<unsigned> device(128);
    const cudaLaunchConfig_t config = launchConfig(1, 32);
    CHECK_CUDA(cudaLaunchKernelEx(&config, load<TRANSPOSED>, device.get()));
    const auto result = device.host();
    for (unsigned lane = 0; lane < 32; ++lane) {
        const unsigned g = lane / 4;
        const unsigned t = lane % 4;
        for (unsigned i = 0; i < 4; ++i) {
            const unsigned low = TRANSPOSED ? 64 * i + 16 * t + g : 64 * i + 8 * g + 2 * t;
            const unsigned high = low + (TRANSPOSED ? 8 : 1);
            CHECK(result[4 * lane + i] == (high << 16 | low));
        }
    }
}

void checkCopy() {
    constexpr int STAGES = 5;
    const auto source = integers(STAGES * 128, 3);
    const DeviceArray<float> deviceSource(source);
    const DeviceArray<float> target(source.size());
    const cudaLaunchConfig_t config = launchConfig(1, 32, 2 * 128 * sizeof(float));
    CHECK_CUDA(cudaLaunchKernelEx(&config, copy, static_cast<const float*>(deviceSource.get()), target.get(), STAGES));
    const auto result = target.host();
    for (size_t i = 0; i < source.size(); ++i) {
        CHECK(result[i] == (i + 3 < source.size() ? source[i] : 0.0f));
    }
}

}  // namespace

int main() {
    requireDevice();
    checkLoad<false>();
    checkLoad<true>();
    checkCopy();
    if (computeCapability() >= 80) {
        checkMultiply(multiplyTf32, 8);
        checkMultiply(multiplyBf16, 16);
    }
    std::printf("tensor cores: layouts of sm_%d\n", computeCapability());
    return 0;
}
