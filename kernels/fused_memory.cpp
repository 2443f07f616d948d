// How a block of a fused kernel divides its shared memory.

#include <algorithm>
#include <cstdint>

#include "fused.h"

namespace slicedscore {
namespace {

constexpr int ALIGNMENT = 128;
constexpr int BANKS = 32;
constexpr int FEATURES = 16;  // that a product takes at once

int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

// Counts what is too much, too; the offsets are of use where the bytes are not.
class Offsets {
public:
    int take(int64_t count, int size) {
        const int64_t offset = used;
        used = (used + count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return static_cast<int>(offset);
    }
    int64_t bytes() const { return used; }

private:
    int64_t used = 0;
};

}  // namespace

FusedMemory fusedMemory(const FusedNetwork& network, Arithmetic arithmetic, int streams, int groups, FusedUse use, bool copiesWeights) {
    const bool halves = arithmetic == Arithmetic::Bf16;
    const int* const end = network.widths + network.layers;
    const int widest = std::max(FEATURES, roundUp(*std::max_element(network.widths, end + 1), FEATURES));
    FusedMemory memory{};
    memory.groups = groups;
    memory.rows = roundUp(groups * streams * GROUP, halves ? 16 : 8);
    memory.tilePitch = roundUp(halves ? widest / 2 : widest, BANKS);
    memory.inputPitch = roundUp(roundUp(network.inputs(), FEATURES), BANKS);
    memory.resultPitch = std::max(network.inputs(), network.outputs());
    Offsets offsets;
    memory.input = offsets.take(int64_t{memory.rows} * memory.inputPitch, 4);
    for (int& tile : memory.tiles) {
        tile = offsets.take(int64_t{memory.rows} * memory.tilePitch, 4);
    }
    const int tiles = memory.tilePitch * (halves ? 2 : 1) / FEATURES;
    memory.saved = use == FusedUse::Values ? -1 : offsets.take(int64_t{groups} * streams * (network.layers - 1) * tiles, 32 * 16);
    memory.result = offsets.take(int64_t{memory.rows} * memory.resultPitch, 4);
    memory.seeds = offsets.take(int64_t{memory.rows} * memory.resultPitch, 4);
    memory.noise = offsets.take(int64_t{groups} * GROUP * network.inputs(), 4);
    for (int layer = 0; layer < FUSED_LAYERS; ++layer) {
        const bool copies = copiesWeights && layer < network.layers;
        memory.weights[layer] = copies ? offsets.take(network.widths[layer + 1] * fusedWeightPitch(network.widths[layer]), 4) : -1;
    }
    memory.bytes = offsets.bytes();
    return memory;
}

}  // namespace slicedscore
