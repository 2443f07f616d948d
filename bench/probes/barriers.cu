// What it costs that blocks wait for each other: the grid barrier of kernels/adam.cu, with a block on every multiprocessor, and
// the barrier of a cluster.

#include "portable.cuh"
#include "probe.h"

using namespace slicedscore;

namespace {

constexpr unsigned THREADS = 256;
constexpr unsigned CLUSTER = 8;

__global__ void waitForGrid(int* met, int count) {
    ROLLED for (int i = 0; i < count; ++i) {
        gridBarrier();
    }
    if (threadIdx.x == 0) {
        met[blockIdx.x] += count;
    }
}

__global__ void waitForCluster(int* met, int count) {
    ROLLED for (int i = 0; i < count; ++i) {
        clusterBarrier();
    }
    if (threadIdx.x == 0) {
        met[blockIdx.x] += count;
    }
}

// Of so many blocks; every one must meet all barriers.
void printRow(const probes::Probe& probe, const char* what, void (*kernel)(int*, int), unsigned blocks, cudaLaunchAttribute attribute,
              const char* predicted) {
    const DeviceArray<int> met(std::vector<int>(blocks, 0));
    cudaLaunchConfig_t config = launchConfig(blocks, THREADS, 0, probe.queue());
    config.attrs = &attribute;
    config.numAttrs = 1;
    int all = 0;
    const double time = probe.microseconds([&](int count) {
        CHECK_CUDA(cudaLaunchKernelEx(&config, kernel, met.get(), count));
        all += count;
    });
    for (const int each : met.host()) {
        CHECK(each == all);
    }
    std::printf("| %s | %u | %s | %s |\n", what, blocks, probes::cell(time).c_str(), predicted);
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Barriers between blocks of 256 threads");
    const auto multiprocessors = static_cast<unsigned>(probe.multiprocessors);
    std::printf("| barrier | blocks | us | predicted |\n| --- | --- | --- | --- |\n");
    printRow(probe, "of a grid", waitForGrid, multiprocessors, probes::cooperative(), "1 to 1.5");
    if (computeCapability() < 90) {
        std::printf("| of a cluster of 8 | - | left out: the device has no clusters | - |\n");
    } else {
        const unsigned blocks = std::max(1u, multiprocessors / CLUSTER) * CLUSTER;
        printRow(probe, "of a cluster of 8", waitForCluster, blocks, probes::clustersOf(CLUSTER), "-");
    }
    std::printf("\nPredicted: the 1.2 us of the prediction for G1 in bench/RESULTS.md, and the range that it was taken from; estimates.\n");
    return 0;
}
