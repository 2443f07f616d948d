#include "block.h"
#include "sanitizer.h"

namespace emulation {
namespace {

void complete(Warp& warp, size_t index) {
    const WarpOperation& operation = warp.pending[index];
    if (operation.compute != nullptr) {
        operation.compute(operation.arguments, operation.arrived);
    }
    warp.runnable |= operation.arrived;
    warp.pending.erase(warp.pending.begin() + static_cast<std::ptrdiff_t>(index));
    warp.turn ^= 1;
}

}  // namespace

void Warp::settle() {
    for (size_t i = 0; i < pending.size(); ++i) {
        if (pending[i].arrived == (pending[i].mask & live)) {
            complete(*this, i);
            i = static_cast<size_t>(-1);
        }
    }
}

void warpOperation(unsigned mask, const char* name, Site site, void* argument, WarpFunction compute) {
    const sanitizer::Unseen unseen;
    Thread& thread = *current;
    Warp& warp = *thread.warp;
    const unsigned bit = 1u << thread.lane;
    if ((mask & bit) == 0) {
        defect("%s at %s:%d: lane %u is not in its own mask %08x", name, site.file, site.line, thread.lane, mask);
    }
    // Operations with other masks may wait at the same time: some lanes shuffle while others wait for the whole warp. Where
    // that can't end well, nobody can go on, and the scheduler says so.
    size_t index = 0;
    while (index < warp.pending.size() && warp.pending[index].mask != mask) {
        ++index;
    }
    if (index == warp.pending.size()) {
        warp.pending.emplace_back(mask, name, site, compute);
    }
    WarpOperation& operation = warp.pending[index];
    if (!(operation.site == site) || operation.compute != compute) {
        defect("the lanes of mask %08x disagree: lane %u calls %s at %s:%d, others wait in %s at %s:%d", mask, thread.lane, name,
               site.file, site.line, operation.name, operation.site.file, operation.site.line);
    }
    operation.arrived |= bit;
    operation.arguments[thread.lane] = argument;
    // Only __syncwarp orders memory; CUDA promises no more of the other operations.
    const char* tag = &warp.tags[warp.turn];
    const bool orders = compute == nullptr;
    if (orders) {
        sanitizer::release(tag);
    }
    if (operation.arrived == (mask & warp.live)) {
        complete(warp, index);
    } else {
        waitFor(name, site);
    }
    if (orders) {
        sanitizer::acquire(tag);
    }
}

unsigned ballot(unsigned mask, const char* name, Site site, bool value) {
    Vote vote{value, 0};
    warpOperation(mask, name, site, &vote, [](void* const lanes[32], unsigned) {
        unsigned votes = 0;
        for (unsigned lane = 0; lane < 32; ++lane) {
            if (lanes[lane] != nullptr && static_cast<const Vote*>(lanes[lane])->in) {
                votes |= 1u << lane;
            }
        }
        for (unsigned lane = 0; lane < 32; ++lane) {
            if (lanes[lane] != nullptr) {
                static_cast<Vote*>(lanes[lane])->out = votes;
            }
        }
    });
    return vote.out;
}

unsigned laneOfThisThread() {
    return current->lane;
}

}  // namespace emulation
