// What lies between kernels that depend on each other: as nodes of a replayed graph, and queued in a stream one by one. A graph's
// cost is taken from two lengths, so that what it takes to start a replay is told apart from what a node takes.

#include "graph.h"
#include "portable.cuh"
#include "probe.h"

using namespace slicedscore;

namespace {

constexpr unsigned THREADS = 256;

__global__ void countUp(int* counts) {
    if (threadIdx.x == 0) {
        ++counts[blockIdx.x];
    }
}

struct Costs {
    double node, replay, launch;
};

class Chain {
public:
    Chain(const probes::Probe& all, unsigned howWide)
        : probe(all), blocks(howWide), counts(std::vector<int>(howWide, 0)), config(launchConfig(blocks, THREADS, 0, all.queue())) {}

    Costs measure() {
        const int few = probe.smoke ? 2 : 20;
        const int many = probe.smoke ? 5 : 220;
        const double shortTime = replay(few);
        const double longTime = replay(many);
        const double node = (longTime - shortTime) / (many - few);
        const double launch = probe.microseconds([&](int count) { queue(count); });
        // Every kernel comes after the one before it, or some would count the same number.
        CHECK_CUDA(cudaStreamSynchronize(probe.queue()));
        for (const int each : counts.host()) {
            CHECK(each == queued);
        }
        return {node, shortTime - few * node, launch};
    }

private:
    double replay(int nodes) {
        const Graph graph(probe.queue(), [&] {
            for (int i = 0; i < nodes; ++i) {
                CHECK_CUDA(cudaLaunchKernelEx(&config, countUp, counts.get()));
            }
        });
        return probe.microseconds([&](int times) {
            for (int i = 0; i < times; ++i) {
                graph.launch(probe.queue());
                queued += nodes;
            }
        });
    }

    void queue(int count) {
        for (int i = 0; i < count; ++i) {
            CHECK_CUDA(cudaLaunchKernelEx(&config, countUp, counts.get()));
            ++queued;
        }
    }

    const probes::Probe& probe;
    const unsigned blocks;
    const DeviceArray<int> counts;
    const cudaLaunchConfig_t config;
    int queued = 0;  // kernels
};

void printRow(const char* what, double one, double many, const char* predicted) {
    std::printf("| %s | %s | %s | %s |\n", what, probes::cell(one).c_str(), probes::cell(many).c_str(), predicted);
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "From one kernel to the next");
    const auto multiprocessors = static_cast<unsigned>(probe.multiprocessors);
    const Costs one = Chain(probe, 1).measure();
    const Costs many = Chain(probe, multiprocessors).measure();
    std::printf("| us, kernels that do next to nothing included | of 1 block | of %u blocks | predicted |\n| --- | --- | --- | --- |\n",
                multiprocessors);
    printRow("a node of a graph", one.node, many.node, "1.3");
    printRow("a replay, beside its nodes", one.replay, many.replay, "-");
    printRow("a launch in a stream", one.launch, many.launch, "2 to 3");
    std::printf("\nPredicted: between nodes as others published it and bench/RESULTS.md counts with; launches are an estimate.\n");
    return 0;
}
