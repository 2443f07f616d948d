// How gradients of a small network are best added up, of which each multiprocessor has a part of 135 KB: by writing them to
// global memory, where they stay in the L2 cache, and reading them again; or first in clusters of 8 blocks through shared memory,
// so that an eighth is left to write and read.
//
// A part is as long as all blocks are many, times 256 floats, so that each block adds 256 of the sums: on an H100 135 KB. What is
// timed is each way's pieces, without the launches and barriers between, which both ways need.

#include "portable.cuh"
#include "probe.h"

using namespace slicedscore;

namespace {

constexpr int THREADS = 256;
constexpr int ADDERS = 1024;  // threads, enough that what they load together hides how long each load takes
constexpr int SLICE = 256;    // floats that a block adds
constexpr int VECTORS = SLICE / 4;
constexpr int SHARES = ADDERS / VECTORS;  // of the parts
constexpr int CLUSTER = 8;

// Small integers, so that sums are exact. A thread's are the same wherever in a part, so that storing them is all that it does.
__host__ __device__ inline float numberOf(int part, int i) {
    return static_cast<float>(1 + part % CLUSTER + i % 8);
}

__device__ inline float4 vectorOf(int part, int i) {
    return make_float4(numberOf(part, i), numberOf(part, i + 1), numberOf(part, i + 2), numberOf(part, i + 3));
}

__device__ inline void add(float4& sum, const float4& value) {
    sum.x += value.x;
    sum.y += value.y;
    sum.z += value.z;
    sum.w += value.w;
}

// Every block its part.
__global__ void __launch_bounds__(THREADS) writeParts(float4* parts, int vectors, int rounds) {
    float4* const mine = parts + static_cast<size_t>(blockIdx.x) * vectors;
    const float4 value = vectorOf(static_cast<int>(blockIdx.x), static_cast<int>(4 * threadIdx.x));
    ROLLED for (int round = 0; round < rounds; ++round) {
        for (int i = static_cast<int>(threadIdx.x); i < vectors; i += THREADS) {
            mine[i] = value;
        }
        __syncthreads();
    }
}

// Every block a slice of all sums, another one in each round: the one before lies in a cache that is the multiprocessor's own.
__global__ void __launch_bounds__(ADDERS) addParts(const float4* parts, int count, int vectors, float4* sums, int rounds) {
    SHARED_ARRAY(float4, shares, [SHARES][VECTORS]);
    const int column = static_cast<int>(threadIdx.x) % VECTORS;
    const int share = static_cast<int>(threadIdx.x) / VECTORS;
    ROLLED for (int round = 0; round < rounds; ++round) {
        const size_t slice = (blockIdx.x + static_cast<unsigned>(round)) % gridDim.x;
        const float4* const mine = parts + slice * VECTORS + column;
        float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
#pragma unroll 8
        for (int part = share; part < count; part += SHARES) {
            add(sum, mine[static_cast<size_t>(part) * vectors]);
        }
        shares[share][column] = sum;
        __syncthreads();
        if (share == 0) {
            for (int other = 1; other < SHARES; ++other) {
                add(sum, shares[other][column]);
            }
            sums[slice * VECTORS + column] = sum;
        }
        __syncthreads();
    }
}

// Every block an eighth of its cluster's sums, from the shared memory of all, in the order of their ranks.
__global__ void __launch_bounds__(THREADS) addInClusters(float4* results, int vectors, int rounds) {
    DYNAMIC_SHARED(float4, part);
    const int rank = static_cast<int>(clusterRank());
    for (int i = static_cast<int>(threadIdx.x); i < vectors; i += THREADS) {
        part[i] = vectorOf(rank, 4 * i);
    }
    const int eighth = vectors / CLUSTER;
    float4* const mine = results + static_cast<size_t>(blockIdx.x / CLUSTER) * vectors;
    ROLLED for (int round = 0; round < rounds; ++round) {
        clusterBarrier();
        for (int i = rank * eighth + static_cast<int>(threadIdx.x); i < (rank + 1) * eighth; i += THREADS) {
            float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
#pragma unroll
            for (unsigned other = 0; other < CLUSTER; ++other) {
                add(sum, clusterShared(part, other)[i]);
            }
            mine[i] = sum;
        }
        clusterBarrier();  // nobody overwrites or leaves while another reads
    }
}

class Adding {
public:
    explicit Adding(const probes::Probe& all)
        : probe(all), blocks(static_cast<unsigned>(all.multiprocessors)), clusters(std::max(1u, blocks / CLUSTER)),
          floats(static_cast<size_t>(blocks) * SLICE), vectors(static_cast<int>(floats / 4)),
          parts(blocks * floats), sums(floats) {}

    double write() {
        const cudaLaunchConfig_t config = launchConfig(blocks, THREADS, 0, probe.queue());
        const double time = probe.microseconds([&](int rounds) {
            CHECK_CUDA(cudaLaunchKernelEx(&config, writeParts, vectorsOf(parts), vectors, rounds));
        });
        print("writing", blocks, time, "1.5");
        return time;
    }

    // The first so many parts, which are there.
    double add(unsigned count, const char* predicted) {
        const cudaLaunchConfig_t config = launchConfig(blocks, ADDERS, 0, probe.queue());
        const double time = probe.microseconds([&](int rounds) {
            CHECK_CUDA(cudaLaunchKernelEx(&config, addParts, static_cast<const float4*>(vectorsOf(parts)), static_cast<int>(count), vectors,
                                          vectorsOf(sums), rounds));
        });
        print("adding", count, time, predicted);
        return time;
    }

    bool hasClusters() const { return computeCapability() >= 90 && floats * sizeof(float) <= static_cast<size_t>(probe.sharedBytes); }

    double addClustered() {
        const size_t bytes = floats * sizeof(float);
        CHECK_CUDA(cudaFuncSetAttribute(addInClusters, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)));
        cudaLaunchConfig_t config = launchConfig(clusters * CLUSTER, THREADS, bytes, probe.queue());
        cudaLaunchAttribute attribute = probes::clustersOf(CLUSTER);
        config.attrs = &attribute;
        config.numAttrs = 1;
        const double time = probe.microseconds([&](int rounds) {
            CHECK_CUDA(cudaLaunchKernelEx(&config, addInClusters, vectorsOf(parts), vectors, rounds));
        });
        print("adding in clusters, and writing a part for each:", clusters * CLUSTER, time, "5.4 to 6.6");
        return time;
    }

    void checkParts(const DeviceArray<float>& found, unsigned of, unsigned each) const {
        const std::vector<float> values = found.host();
        for (size_t i = 0; i < floats * of; ++i) {
            float expected = 0.0f;
            for (unsigned part = 0; part < each; ++part) {
                expected += numberOf(static_cast<int>(part), static_cast<int>(i % floats));
            }
            CHECK(values[i] == expected);
        }
    }

    void checkSums(unsigned each) const { checkParts(sums, 1, each); }
    void checkClusters() const { checkParts(parts, clusters, CLUSTER); }

    const probes::Probe& probe;
    const unsigned blocks;
    const unsigned clusters;

private:
    static float4* vectorsOf(const DeviceArray<float>& array) { return reinterpret_cast<float4*>(array.get()); }

    void print(const char* what, unsigned count, double time, const char* predicted) const {
        std::printf("| %s %u parts | %s | %s | %s |\n", what, count, probes::cell(time).c_str(),
                    probes::cell(count * static_cast<double>(floats) * sizeof(float) / time / 1e6).c_str(), predicted);
    }

    const size_t floats;  // of a part
    const int vectors;
    const DeviceArray<float> parts;
    const DeviceArray<float> sums;
};

void printBoth(const char* what, double first, double second, const char* predicted) {
    std::printf("| %s | %s | - | %s |\n", what, probes::cell(first + second).c_str(), predicted);
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Adding up gradients");
    Adding adding(probe);
    std::printf("| parts of %u KB | us | TB/s | predicted, us |\n| --- | --- | --- | --- |\n", adding.blocks * SLICE * 4 / 1000);
    const double written = adding.write();
    const double added = adding.add(adding.blocks, "3.2");
    adding.checkSums(adding.blocks);
    printBoth("both", written, added, "4.7");
    if (adding.hasClusters()) {
        const double clustered = adding.addClustered();
        adding.checkClusters();
        const double rest = adding.add(adding.clusters, "-");
        printBoth("both, with clusters", clustered, rest, "longer than 4.7");
    } else {
        std::printf("| in clusters | left out: the device has none, or no room for a part in shared memory | - | - |\n");
    }
    std::printf("\nPredicted in bench/RESULTS.md for G1: the L2 cache with 5.5 TB/s, clusters with 2.7 to 3.3 TB/s. Clusters that do not all\n"
                "run at once, because the chip has its multiprocessors in groups, take twice as long.\n");
    return 0;
}
