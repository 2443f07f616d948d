// What arithmetic can do at most: mma.sync in TF32 and BF16, and fused multiply-adds in single precision, from registers alone.
//
// A warp multiplies four fragments by four, over and over, into the 16 tiles of sums that a warp of kernels/tensor.cu has, too;
// a thread of the multiply-adds 8 numbers by 8. With few warps their own independent products have to fill the units, as in
// those kernels, of which two or three warps share one. Factors are random: on zeros, a chip is faster than it is.

#include <random>

#include "arithmetic.h"
#include "portable.cuh"
#include "probe.h"

using namespace slicedscore;

namespace {

constexpr int FRAGMENTS = 4;   // of each factor of a warp
constexpr int FACTORS = 8;     // of a thread that multiplies and adds
constexpr int UNROLLED = 4;    // so that the loop itself is nothing beside them
constexpr int NUMBERS = 64;    // that a thread reads
constexpr int MOST_THREADS = 512;

template <Arithmetic ARITHMETIC>
__device__ unsigned factor(const float* numbers, int i) {
    if constexpr (ARITHMETIC == Arithmetic::Bf16) {
        return packBf16(numbers[2 * i], numbers[2 * i + 1]);
    } else {
        return roundToTf32(numbers[i]);
    }
}

template <Arithmetic ARITHMETIC>
__global__ void __launch_bounds__(MOST_THREADS) multiplyTiles(const float* numbers, float* sums, int rounds) {
    const float* const mine = numbers + threadIdx.x * NUMBERS;
    unsigned a[FRAGMENTS][4];
    unsigned b[FRAGMENTS][2];
    float c[FRAGMENTS][FRAGMENTS][4] = {};
    for (int i = 0; i < FRAGMENTS; ++i) {
        for (int k = 0; k < 4; ++k) {
            a[i][k] = factor<ARITHMETIC>(mine, 4 * i + k);
        }
        for (int k = 0; k < 2; ++k) {
            b[i][k] = factor<ARITHMETIC>(mine, 4 * FRAGMENTS + 2 * i + k);
        }
    }
    ROLLED for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < FRAGMENTS; ++i) {
            for (int j = 0; j < FRAGMENTS; ++j) {
                if constexpr (ARITHMETIC == Arithmetic::Bf16) {
                    mmaBf16(c[i][j], a[i], b[j]);
                } else {
                    mmaTf32(c[i][j], a[i], b[j]);
                }
            }
        }
    }
    float sum = 0.0f;
    for (int i = 0; i < FRAGMENTS; ++i) {
        for (int j = 0; j < FRAGMENTS; ++j) {
            for (int k = 0; k < 4; ++k) {
                sum += fabsf(c[i][j][k]);
            }
        }
    }
    sums[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

__global__ void __launch_bounds__(MOST_THREADS) multiplyAndAdd(const float* numbers, float* sums, int rounds) {
    const float* const mine = numbers + threadIdx.x * NUMBERS;
    float a[FACTORS];
    float b[FACTORS];
    float c[FACTORS][FACTORS] = {};
    for (int i = 0; i < FACTORS; ++i) {
        a[i] = mine[i];
        b[i] = mine[FACTORS + i];
    }
    ROLLED for (int round = 0; round < rounds; ++round) {
#pragma unroll
        for (int again = 0; again < UNROLLED; ++again) {
            for (int i = 0; i < FACTORS; ++i) {
                for (int j = 0; j < FACTORS; ++j) {
                    c[i][j] = fmaf(a[i], b[j], c[i][j]);
                }
            }
        }
    }
    float sum = 0.0f;
    for (int i = 0; i < FACTORS; ++i) {
        for (int j = 0; j < FACTORS; ++j) {
            sum += fabsf(c[i][j]);
        }
    }
    sums[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

struct Kind {
    const char* name;
    void (*kernel)(const float*, float*, int);
    bool tensorCores;
    double flops;  // of a warp's round
    const char* predicted;
};

constexpr double TILES = 2.0 * FRAGMENTS * FRAGMENTS * 16 * 8;  // a round's operations for a summed index

const Kind KINDS[] = {
    {"mma.sync m16n8k8 TF32", multiplyTiles<Arithmetic::Tf32>, true, TILES * 8, "307 to 322"},
    {"mma.sync m16n8k16 BF16", multiplyTiles<Arithmetic::Bf16>, true, TILES * 16, "613 to 643"},
    {"FFMA", multiplyAndAdd, false, 2.0 * 32 * FACTORS * FACTORS * UNROLLED, "67"},
};

class Units {
public:
    explicit Units(const probes::Probe& all) : probe(all), numbers(random()), sums(blocks() * MOST_THREADS) {}

    void printRow(const Kind& kind, unsigned warps) {
        requireGrowth(kind, warps);
        const double time = probe.microseconds([&](int rounds) { launch(kind, warps, rounds); });
        std::printf("| %s | %u | %s | %s |\n", kind.name, warps,
                    probes::cell(static_cast<double>(blocks()) * warps * kind.flops / time / 1e6).c_str(), kind.predicted);
    }

private:
    static std::vector<float> random() {
        std::mt19937 engine(1);
        std::normal_distribution<float> normal;
        std::vector<float> values(size_t{MOST_THREADS} * NUMBERS);
        std::generate(values.begin(), values.end(), [&] { return normal(engine); });
        return values;
    }

    size_t blocks() const { return static_cast<size_t>(probe.multiprocessors); }

    void launch(const Kind& kind, unsigned warps, int rounds) const {
        const cudaLaunchConfig_t config = launchConfig(static_cast<unsigned>(blocks()), 32 * warps, 0, probe.queue());
        CHECK_CUDA(cudaLaunchKernelEx(&config, kind.kernel, static_cast<const float*>(numbers.get()), sums.get(), rounds));
    }

    std::vector<float> sumsAfter(const Kind& kind, unsigned warps, int rounds) const {
        launch(kind, warps, rounds);
        CHECK_CUDA(cudaStreamSynchronize(probe.queue()));
        return sums.host();
    }

    // Every round adds the same, or it is not what is counted.
    void requireGrowth(const Kind& kind, unsigned warps) const {
        const std::vector<float> few = sumsAfter(kind, warps, 2);
        const std::vector<float> more = sumsAfter(kind, warps, 6);
        for (size_t i = 0; i < blocks() * 32 * warps; ++i) {
            CHECK(few[i] > 1.0f);
            CHECK_CLOSE(more[i] / few[i], 3.0, 1e-4);
        }
    }

    const probes::Probe& probe;
    DeviceArray<float> numbers;
    DeviceArray<float> sums;
};

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Arithmetic from registers");
    Units units(probe);
    std::printf("| arithmetic | warps a multiprocessor | TFLOP/s | predicted |\n| --- | --- | --- | --- |\n");
    for (const Kind& kind : KINDS) {
        if (kind.tensorCores && computeCapability() < 80) {
            std::printf("| %s | - | left out: the device has no such instruction | %s |\n", kind.name, kind.predicted);
            continue;
        }
        for (const unsigned warps : {4u, 8u, 16u}) {
            units.printRow(kind, warps);
        }
    }
    std::printf("\nPredicted for an H100 SXM: mma.sync at 62 to 65 %% of the dense peaks of 495 and 989 TFLOP/s (arXiv 2501.12084, as the\n"
                "README of github.com/waynehacking8/blackwell-tensorcore-kernels cites it), single precision at its peak (data sheet).\n");
    return 0;
}
