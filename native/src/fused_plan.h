// Whether the fused kernels can do a pass on the current device, and how they divide a batch among its multiprocessors.
#pragma once

#include <optional>

#include "arithmetic.h"
#include "execution.h"
#include "fused.h"
#include "network.h"
#include "status.h"

namespace slicedscore {

struct FusedPlan {
    FusedNetwork network;
    FusedMemory memory;
    int groupsPerBlock;

    int sharedBytes;  // that the device lets a block have

    int blocks(int samples) const { return (groupsOf(samples) + groupsPerBlock - 1) / groupsPerBlock; }
};

// For at most so many samples a launch; nothing where the choice is the layered kernels, or where they fit and these don't.
// Refuses where these are the caller's choice and don't fit.
std::optional<FusedPlan> planFused(const Network& network, const Execution& execution, int streams, int samples, FusedUse use);

// Lets kernels have shared memory; `prepare` takes the bytes. All the device has, as the limit is one for all who use a kernel.
template <typename Prepare>
void allowSharedMemory(const FusedPlan& plan, const Prepare& prepare) {
    check(prepare(plan.sharedBytes), SS_HERE, format("cudaFuncSetAttribute for %d bytes of shared memory", plan.sharedBytes));
}

}  // namespace slicedscore
