// What the fused kernels take of a block's shared memory for the standard configurations, as a table in Markdown. Needs no
// device: the limits are those of CUDA's programming guide for each compute capability.

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "configs.h"
#include "fused.h"

using namespace slicedscore;

namespace {

struct Device {
    const char* architecture;
    int kilobytes;  // of shared memory that a block may have
    bool tensorCores;
};

constexpr Device DEVICES[] = {{"sm_75", 64, false}, {"sm_80", 163, true},  {"sm_86", 99, true}, {"sm_89", 99, true},
                              {"sm_90", 227, true}, {"sm_100", 227, true}, {"sm_120", 99, true}};

struct Choice {
    const char* name;
    Arithmetic arithmetic;
};

constexpr Choice CHOICES[] = {{"ffma", Arithmetic::Ffma}, {"tf32x3", Arithmetic::Tf32x3}, {"tf32", Arithmetic::Tf32}, {"bf16", Arithmetic::Bf16}};

FusedNetwork networkOf(const timings::Config& config) {
    FusedNetwork network{};
    const ss_network shape = config.network();
    network.layers = shape.layers;
    std::copy(shape.widths, shape.widths + shape.layers + 1, network.widths);
    return network;
}

bool fitsWidth(const FusedNetwork& network, Arithmetic arithmetic) {
    return network.layers <= FUSED_LAYERS &&
           *std::max_element(network.widths, network.widths + network.layers + 1) <= fusedWidth(arithmetic);
}

int bytesOf(const timings::Config& config, Arithmetic arithmetic, int groups) {
    return fusedMemory(networkOf(config), arithmetic, config.streams(), groups, FusedUse::Training, false).bytes;
}

void printCell(const timings::Config& config, const Choice& choice, const Device& device) {
    const int limit = device.kilobytes * 1024;
    int groups = 0;
    while (groups < groupsOf(config.batch) && bytesOf(config, choice.arithmetic, groups + 1) <= limit) {
        ++groups;
    }
    const bool possible = device.tensorCores || choice.arithmetic == Arithmetic::Ffma;
    if (groups == 0 || !possible) {
        std::printf(" - |");
    } else {
        std::printf(" %d: %d |", groups * GROUP, bytesOf(config, choice.arithmetic, groups));
    }
}

}  // namespace

int main() {
    std::printf("Of the fused kernel of a training step: the most samples, with all their streams, that a block can hold at once, and the\n"
                "bytes that they take. With fewer samples to a block it takes less.\n\n| configuration | by |");
    for (const Device& device : DEVICES) {
        std::printf(" %s, %d KiB |", device.architecture, device.kilobytes);
    }
    std::printf("\n| --- | --- |");
    for (size_t i = 0; i < std::size(DEVICES); ++i) {
        std::printf(" --- |");
    }
    std::printf("\n");
    for (const timings::Config& config : timings::standardConfigs()) {
        for (const Choice& choice : CHOICES) {
            if (!fitsWidth(networkOf(config), choice.arithmetic)) {
                continue;
            }
            std::printf("| %s | %s |", config.name, choice.name);
            for (const Device& device : DEVICES) {
                printCell(config, choice, device);
            }
            std::printf("\n");
        }
    }
    return 0;
}
