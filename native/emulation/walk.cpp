#include "walk.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace emulation {

void Order::draw(Schedule schedule, size_t count) {
    if (schedule != Schedule::Random && items.size() == count) {
        return;
    }
    items.resize(count);
    for (size_t i = 0; i < count; ++i) {
        items[i] = schedule == Schedule::Reversed ? count - 1 - i : i;
    }
    if (schedule == Schedule::Random) {
        for (size_t i = count; i > 1; --i) {
            std::swap(items[i - 1], items[randomBelow(i)]);
        }
    }
}

Walk::Walk(Cohort& threads) : cohort(threads), schedule(settings().schedule) {
    for (auto& block : cohort.blocks) {
        for (Warp& each : block->warps) {
            warps.push_back(&each);
        }
    }
}

Thread* Walk::next() {
    if (last != nullptr) {
        progress |= !last->yielded;
        last = nullptr;
    }
    for (;;) {
        while (visited < 32) {
            const size_t lane = nextLane();
            if ((warp->runnable >> lane & 1) != 0 && !(schedule == Schedule::Random && randomBelow(4) == 0)) {
                last = warp->lanes[lane];
                last->yielded = false;
                return last;
            }
        }
        if (!nextVisit()) {
            return nullptr;
        }
    }
}

// The lanes by turns; past those that wait in one step, where the order is plain.
size_t Walk::nextLane() {
    if (schedule == Schedule::Random) {
        return laneOrder[visited++];
    }
    const bool backwards = schedule == Schedule::Reversed;
    const unsigned left = backwards ? warp->runnable << visited : warp->runnable >> visited;
    const size_t lane = left == 0 ? 31 : visited + static_cast<size_t>(backwards ? __builtin_clz(left) : __builtin_ctz(left));
    visited = lane + 1;
    return backwards ? 31 - lane : lane;
}

// To the same warp again or to the next one; false once all threads have ended.
bool Walk::nextVisit() {
    ran |= progress;
    const bool again = progress && (schedule == Schedule::Random ? randomBelow(2) == 0 : schedule != Schedule::Lockstep);
    if (!again && !nextWarp()) {
        return false;
    }
    progress = false;
    laneOrder.draw(schedule, 32);
    visited = 0;
    return true;
}

bool Walk::nextWarp() {
    if (warp != nullptr && ++warpIndex < warps.size()) {
        warp = warps[warpOrder[warpIndex]];
        return true;
    }
    if (cohort.live == 0) {
        return false;
    }
    const bool started = warp != nullptr;
    if (started && !ran && std::all_of(warps.begin(), warps.end(), [](const Warp* each) { return each->runnable == 0; })) {
        deadlock();
    }
    ran = false;
    warpOrder.draw(schedule, warps.size());
    warpIndex = 0;
    warp = warps[warpOrder[0]];
    return true;
}

void Walk::deadlock() const {
    std::fprintf(stderr, "emulation: all threads wait for each other:\n");
    int shown = 0;
    for (const auto& block : cohort.blocks) {
        for (const Warp& each : block->warps) {
            for (size_t lane = 0; lane < 32; ++lane) {
                if ((each.live >> lane & 1) != 0 && shown++ < 64) {
                    const Thread& thread = *each.lanes[lane];
                    std::fprintf(stderr, "  block (%u, %u, %u) thread (%u, %u, %u): %s at %s:%d\n", block->blockIndex.x,
                                 block->blockIndex.y, block->blockIndex.z, thread.index.x, thread.index.y, thread.index.z,
                                 thread.waitsFor, thread.site.file, thread.site.line);
                }
            }
        }
    }
    std::abort();
}

}  // namespace emulation
