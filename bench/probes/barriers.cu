// What it costs that blocks wait for each other: the grid barrier of kernels/adam.cu, with a block on every multiprocessor and
// with four, as it has for G1, and the barrier of a cluster.

#include "portable.cuh"
#include "probe.h"

using namespace slicedscore;

namespace {

constexpr unsigned THREADS = 256;
constexpr unsigned CLUSTER = 8;

enum class Together { Grid, Cluster };

// Blocks count who has come before the first barrier, and see behind the last one whether all had.
template <Together TOGETHER>
__global__ void wait(int* come, int* seen, int group, int count) {
    int* const mine = come + static_cast<int>(blockIdx.x) / group;
    if (threadIdx.x == 0) {
        atomicAdd(mine, 1);
    }
    ROLLED for (int i = 0; i < count; ++i) {
        if constexpr (TOGETHER == Together::Grid) {
            gridBarrier();
        } else {
            clusterBarrier();
        }
    }
    if (threadIdx.x == 0) {
        seen[blockIdx.x] = *mine;
    }
}

// Of so many blocks, of which so many wait for each other.
template <Together TOGETHER>
void printRow(const probes::Probe& probe, const char* what, unsigned blocks, unsigned group, cudaLaunchAttribute attribute,
              const char* predicted) {
    const DeviceArray<int> come(std::vector<int>(blocks / group, 0));
    const DeviceArray<int> seen(blocks);
    cudaLaunchConfig_t config = launchConfig(blocks, THREADS, 0, probe.queue());
    config.attrs = &attribute;
    config.numAttrs = 1;
    int launches = 0;
    const double time = probe.microseconds([&](int count) {
        CHECK_CUDA(cudaLaunchKernelEx(&config, wait<TOGETHER>, come.get(), seen.get(), static_cast<int>(group), count));
        ++launches;
    });
    for (const int each : seen.host()) {
        CHECK(each == launches * static_cast<int>(group));
    }
    std::printf("| %s | %u | %s | %s |\n", what, blocks, probes::cell(time).c_str(), predicted);
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Barriers between blocks of 256 threads");
    const auto multiprocessors = static_cast<unsigned>(probe.multiprocessors);
    std::printf("| barrier | blocks | us | predicted |\n| --- | --- | --- | --- |\n");
    for (const unsigned blocks : {multiprocessors, 4 * multiprocessors}) {
        printRow<Together::Grid>(probe, "of a grid", blocks, blocks, probes::cooperative(), "1 to 1.5");
    }
    if (computeCapability() < 90) {
        std::printf("| of a cluster of 8 | - | left out: the device has no clusters | - |\n");
    } else {
        const unsigned blocks = std::max(1u, multiprocessors / CLUSTER) * CLUSTER;
        printRow<Together::Cluster>(probe, "of a cluster of 8", blocks, CLUSTER, probes::clustersOf(CLUSTER), "-");
    }
    std::printf("\nPredicted: the 1.2 us of the prediction for G1 in bench/RESULTS.md, and the range that it was taken from; estimates.\n");
    return 0;
}
