// Blocks that work together: clusters that read each other's shared memory, cooperative launches with a grid barrier.
// And warps: shuffles, votes, masks of some of the lanes, threads that end early.

#include "device.h"
#include "portable.cuh"

using namespace slicedscore;

namespace {

constexpr unsigned CLUSTER = 4;

// Each block sums what all blocks of its cluster hold in shared memory, in the order of their ranks.
__global__ void sumOverCluster(float* result) {
    SHARED_ARRAY(float, mine, [64]);
    mine[threadIdx.x] = static_cast<float>(blockIdx.x * 64 + threadIdx.x);
    clusterBarrier();
    float sum = 0.0f;
    for (unsigned rank = 0; rank < CLUSTER; ++rank) {
        sum += clusterShared(&mine[0], rank)[(threadIdx.x + 1) % 64];
    }
    result[blockIdx.x * 64 + threadIdx.x] = sum + 1000.0f * static_cast<float>(clusterRank());
    clusterBarrier();  // nobody leaves while another reads its memory
}

// Twice: write, wait for the whole grid, read what the next block wrote.
__global__ void rotate(int* values, int* result) {
    const int mine = static_cast<int>(blockIdx.x);
    const int next = (mine + 1) % static_cast<int>(gridDim.x);
    for (int round = 0; round < 2; ++round) {
        if (threadIdx.x == 0) {
            values[mine] = 10 * mine + round;
        }
        gridBarrier();
        if (threadIdx.x == 40) {
            result[2 * mine + round] = values[next];
        }
        gridBarrier();
    }
}

constexpr unsigned ALL = 0xffffffffu;

__global__ void warps(float* result) {
    const unsigned thread = threadIdx.x;
    if (thread >= 50) {
        return;  // the second warp goes on with 18 lanes, and the block's barriers without these
    }
    float sum = static_cast<float>(thread);
    if (thread < 32) {
        for (int offset = 16; offset > 0; offset /= 2) {
            sum += __shfl_down_sync(ALL, sum, static_cast<unsigned>(offset));
        }
        sum = __shfl_sync(ALL, sum, 0);
    } else if (thread < 40) {
        for (int offset = 4; offset > 0; offset /= 2) {
            sum += __shfl_xor_sync(0xffu, sum, offset);
        }
    } else {
        const unsigned odd = __ballot_sync(0x3ff00u, (thread & 1) != 0);
        sum = static_cast<float>(__popc(odd));
    }
    __syncthreads();
    result[thread] = sum;
}

void checkClusters() {
    if (computeCapability() < 90) {
        return;
    }
    const DeviceArray<float> device(3 * CLUSTER * 64);
    cudaLaunchConfig_t config = launchConfig(3 * CLUSTER, 64);
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = CLUSTER;
    attribute.val.clusterDim.y = 1;
    attribute.val.clusterDim.z = 1;
    config.attrs = &attribute;
    config.numAttrs = 1;
    CHECK_CUDA(cudaLaunchKernelEx(&config, sumOverCluster, device.get()));
    const auto result = device.host();
    for (unsigned block = 0; block < 3 * CLUSTER; ++block) {
        for (unsigned thread = 0; thread < 64; ++thread) {
            float expected = 1000.0f * static_cast<float>(block % CLUSTER);
            for (unsigned rank = 0; rank < CLUSTER; ++rank) {
                expected += static_cast<float>((block / CLUSTER * CLUSTER + rank) * 64 + (thread + 1) % 64);
            }
            CHECK(result[block * 64 + thread] == expected);
        }
    }
}

void checkCooperative() {
    int perMultiprocessor = 0;
    int multiprocessors = 0;
    CHECK_CUDA(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&perMultiprocessor, rotate, 64, 0));
    CHECK_CUDA(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0));
    const int blocks = multiprocessors;
    const DeviceArray<int> values(static_cast<size_t>(blocks));
    const DeviceArray<int> device(2 * static_cast<size_t>(blocks));
    cudaLaunchConfig_t config = launchConfig(static_cast<unsigned>(blocks), 64);
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
    config.attrs = &attribute;
    config.numAttrs = 1;
    CHECK_CUDA(cudaLaunchKernelEx(&config, rotate, values.get(), device.get()));
    const auto result = device.host();
    for (int block = 0; block < blocks; ++block) {
        for (int round = 0; round < 2; ++round) {
            CHECK(result[static_cast<size_t>(2 * block + round)] == 10 * ((block + 1) % blocks) + round);
        }
    }
    config.gridDim = dim3(static_cast<unsigned>(perMultiprocessor * multiprocessors + 1));
    CHECK(cudaLaunchKernelEx(&config, rotate, values.get(), device.get()) == cudaErrorCooperativeLaunchTooLarge);
    static_cast<void>(cudaGetLastError());
}

void checkWarps() {
    const DeviceArray<float> device(50);
    const cudaLaunchConfig_t config = launchConfig(1, 64);
    CHECK_CUDA(cudaLaunchKernelEx(&config, warps, device.get()));
    const auto result = device.host();
    for (size_t thread = 0; thread < 50; ++thread) {
        CHECK(result[thread] == (thread < 32 ? 496.0f : thread < 40 ? 284.0f : 5.0f));
    }
}

}  // namespace

int main() {
    requireDevice();
    checkWarps();
    checkClusters();
    checkCooperative();
    std::printf("cooperation: warps, clusters and grids of sm_%d\n", computeCapability());
    return 0;
}
