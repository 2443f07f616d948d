// Layouts of mma and ldmatrix: on a GPU this compares, element by element, what the instructions do with the tables in
// portable.cuh, on which kernels and emulation are built; on the emulated device it holds the emulation to them. The first
// difference is printed with its place. All numbers are small integers, so that every sum is exact.

#include <cstring>

#include "fragments.cuh"

using namespace fragments;
using namespace slicedscore;

namespace {

// ---- mma

float initialC(const Place& place) {
    return static_cast<float>(1000 + place.row * COLUMNS + place.column);
}

// One slot of A holds 1 and b(k, n) = 1 + 8 k + n, or one of B holds 1 and a(m, k) = 1 + depth m + k.
struct Probe {
    bool ofA;
    int lane, slot;
};

Fragments fragmentsOf(const Instruction& instruction, const Probe& probe) {
    Fragments fragments{};
    for (int lane = 0; lane < LANES; ++lane) {
        for (int slot = 0; slot < instruction.slotsOfA(); ++slot) {
            const Place place = instruction.a(lane, slot);
            const bool one = probe.ofA && lane == probe.lane && slot == probe.slot;
            const int value = probe.ofA ? (one ? 1 : 0) : 1 + place.row * instruction.depth + place.column;
            set(fragments.a[lane][slot / instruction.elements], instruction, slot, static_cast<float>(value));
        }
        for (int slot = 0; slot < instruction.slotsOfB(); ++slot) {
            const Place place = instruction.b(lane, slot);
            const bool one = !probe.ofA && lane == probe.lane && slot == probe.slot;
            const int value = probe.ofA ? 1 + place.row * COLUMNS + place.column : (one ? 1 : 0);
            set(fragments.b[lane][slot / instruction.elements], instruction, slot, static_cast<float>(value));
        }
        for (int i = 0; i < 4; ++i) {
            fragments.c[lane][i] = initialC(placeOfC(lane, i));
        }
    }
    return fragments;
}

float expectedC(const Instruction& instruction, const Probe& probe, const Place& c) {
    if (probe.ofA) {
        const Place one = instruction.a(probe.lane, probe.slot);
        return initialC(c) + (c.row == one.row ? static_cast<float>(1 + one.column * COLUMNS + c.column) : 0.0f);
    }
    const Place one = instruction.b(probe.lane, probe.slot);
    return initialC(c) + (c.column == one.column ? static_cast<float>(1 + c.row * instruction.depth + one.row) : 0.0f);
}

void compare(const Instruction& instruction, const Probe& probe, const Fragments& found) {
    const Place one = probe.ofA ? instruction.a(probe.lane, probe.slot) : instruction.b(probe.lane, probe.slot);
    for (int lane = 0; lane < LANES; ++lane) {
        for (int i = 0; i < 4; ++i) {
            const Place c = placeOfC(lane, i);
            const float expected = expectedC(instruction, probe, c);
            if (found.c[lane][i] != expected) {
                std::fprintf(stderr,
                             "%s: with a 1 in register %d%s of %s in lane %d, by the table at (%d, %d), register %d of C in lane "
                             "%d, by the table at (%d, %d), is %g instead of %g\n",
                             instruction.name, probe.slot / instruction.elements,
                             instruction.elements == 1 ? "" : probe.slot % 2 == 0 ? ", lower half," : ", upper half,",
                             probe.ofA ? "A" : "B", probe.lane, one.row, one.column, i, lane, c.row, c.column,
                             static_cast<double>(found.c[lane][i]), static_cast<double>(expected));
                std::exit(1);
            }
        }
    }
}

void probeMultiply(const Instruction& instruction, void (*kernel)(Fragments*)) {
    std::vector<Probe> probes;
    std::vector<Fragments> fragments;
    for (const bool ofA : {true, false}) {
        for (int lane = 0; lane < LANES; ++lane) {
            for (int slot = 0; slot < (ofA ? instruction.slotsOfA() : instruction.slotsOfB()); ++slot) {
                probes.push_back({ofA, lane, slot});
                fragments.push_back(fragmentsOf(instruction, probes.back()));
            }
        }
    }
    const DeviceArray<Fragments> device(fragments);
    const cudaLaunchConfig_t config = launchConfig(static_cast<unsigned>(probes.size()), LANES);
    CHECK_CUDA(cudaLaunchKernelEx(&config, kernel, device.get()));
    const auto found = device.host();
    for (size_t i = 0; i < probes.size(); ++i) {
        compare(instruction, probes[i], found[i]);
    }
}

// ---- Rounding to TF32: halves away from zero. What the lower 13 bits hold is of no matter, as mma doesn't read them.

__global__ void roundAll(const float* values, unsigned* rounded) {
    rounded[threadIdx.x] = roundToTf32(values[threadIdx.x]);
}

void probeRounding() {
    const uint32_t bits[] = {0x3f800000, 0x3f800fff, 0x3f801000, 0x3f801001, 0x3f802fff, 0x3f803000,
                             0x3fffffff, 0xbf801000, 0xbf800fff, 0xc2f6e979, 0x00000000, 0x80000000};
    constexpr size_t COUNT = sizeof bits / sizeof bits[0];
    std::vector<float> values(COUNT);
    std::memcpy(values.data(), bits, sizeof bits);
    const DeviceArray<float> device(values);
    const DeviceArray<unsigned> rounded(COUNT);
    const cudaLaunchConfig_t config = launchConfig(1, COUNT);
    CHECK_CUDA(cudaLaunchKernelEx(&config, roundAll, static_cast<const float*>(device.get()), rounded.get()));
    const auto found = rounded.host();
    for (size_t i = 0; i < COUNT; ++i) {
        const uint32_t expected = bits[i] + 0x1000u;
        if (found[i] >> 13 != expected >> 13) {
            std::fprintf(stderr, "rounding 0x%08x to TF32 gives 0x%08x instead of 0x%08x\n", bits[i], found[i],
                         expected & ~0x1fffu);
            std::exit(1);
        }
    }
}

// ---- ldmatrix. Element (row, column) of matrix i holds 64 i + 8 row + column; rows stand in shared memory in an order that
// has nothing to do with the lanes'.

template <bool TRANSPOSED>
__global__ void load(unsigned* result) {
    SHARED_ARRAY(uint16_t, tile, [LANES][8]);
    const int lane = static_cast<int>(threadIdx.x);
    const int place = 11 * lane % LANES;
    for (int column = 0; column < 8; ++column) {
        tile[place][column] = static_cast<uint16_t>(8 * lane + column);
    }
    __syncwarp();
    unsigned matrices[4];
    loadMatrices<TRANSPOSED>(matrices, tile[place]);
    for (int i = 0; i < 4; ++i) {
        result[4 * lane + i] = matrices[i];
    }
}

template <bool TRANSPOSED>
void probeLoad() {
    const DeviceArray<unsigned> device(4 * LANES);
    const cudaLaunchConfig_t config = launchConfig(1, LANES);
    CHECK_CUDA(cudaLaunchKernelEx(&config, load<TRANSPOSED>, device.get()));
    const auto result = device.host();
    for (int lane = 0; lane < LANES; ++lane) {
        for (int i = 0; i < 4; ++i) {
            for (int half = 0; half < 2; ++half) {
                const int g = lane / 4;
                const int along = lane % 4 * 2 + half;
                const Place place = TRANSPOSED ? Place{along, g} : Place{g, along};
                const unsigned expected = static_cast<unsigned>(64 * i + 8 * place.row + place.column);
                const unsigned found = result[static_cast<size_t>(4 * lane + i)] >> (16 * half) & 0xffffu;
                if (found != expected) {
                    std::fprintf(stderr,
                                 "ldmatrix%s: register %d, %s half, of lane %d, by the table element (%d, %d) of matrix %d, is "
                                 "element (%u, %u) of matrix %u\n",
                                 TRANSPOSED ? ".trans" : "", i, half == 0 ? "lower" : "upper", lane, place.row, place.column, i,
                                 found / 8 % 8, found % 8, found / 64);
                    std::exit(1);
                }
            }
        }
    }
}

// ---- Both together: a product in bfloat16 with A by ldmatrix, as kernels do it

__device__ unsigned bf16Bits(float value) {
    return __float_as_uint(value) >> 16;  // exact for small integers
}

__device__ unsigned bf16Pair(const float* row, int column) {
    return bf16Bits(row[column]) | bf16Bits(row[column + 1]) << 16;
}

// a is [16][16], b is [8 columns][16], as W is stored: result = a b^T + 1
__global__ void product(const float* a, const float* b, float* result) {
    SHARED_ARRAY(uint16_t, tile, [ROWS][24]);  // rows are 48 bytes, a multiple of 16
    const int lane = static_cast<int>(threadIdx.x);
    const int g = lane / 4;
    const int t = lane % 4;
    for (int i = lane; i < ROWS * 16; i += LANES) {
        tile[i / 16][i % 16] = static_cast<uint16_t>(bf16Bits(a[i]));
    }
    __syncwarp();
    // Matrices in the order of the operand: rows 0-7, rows 8-15, then both eight columns further.
    unsigned left[4];
    loadMatrices<false>(left, &tile[lane % 16][lane / 16 * 8]);
    const unsigned right[2] = {bf16Pair(b + g * 16, 2 * t), bf16Pair(b + g * 16, 2 * t + 8)};
    float c[4] = {1, 1, 1, 1};
    mmaBf16(c, left, right);
    for (int i = 0; i < 4; ++i) {
        result[(g + i / 2 * 8) * COLUMNS + 2 * t + i % 2] = c[i];
    }
}

std::vector<float> integers(int count, int factor) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(i * factor % 17 - 8));
    }
    return values;
}

void checkProduct() {
    constexpr int DEPTH = 16;
    const auto a = integers(ROWS * DEPTH, 7);
    const auto b = integers(COLUMNS * DEPTH, 5);
    const DeviceArray<float> deviceA(a);
    const DeviceArray<float> deviceB(b);
    const DeviceArray<float> device(ROWS * COLUMNS);
    const cudaLaunchConfig_t config = launchConfig(1, LANES);
    CHECK_CUDA(cudaLaunchKernelEx(&config, product, static_cast<const float*>(deviceA.get()),
                                  static_cast<const float*>(deviceB.get()), device.get()));
    const auto result = device.host();
    for (int row = 0; row < ROWS; ++row) {
        for (int column = 0; column < COLUMNS; ++column) {
            float expected = 1;
            for (int k = 0; k < DEPTH; ++k) {
                expected += a[static_cast<size_t>(row * DEPTH + k)] * b[static_cast<size_t>(column * DEPTH + k)];
            }
            CHECK(result[static_cast<size_t>(row * COLUMNS + column)] == expected);
        }
    }
}

}  // namespace

int main() {
    requireDevice();
    probeLoad<false>();
    probeLoad<true>();
    if (computeCapability() >= 80) {
        probeRounding();
        probeMultiply(TF32, multiply<true>);
        probeMultiply(BF16, multiply<false>);
        checkProduct();
    }
    std::printf("tensor cores: layouts of sm_%d are those of the tables\n", computeCapability());
    return 0;
}
