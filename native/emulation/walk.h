// Which thread goes on next: a walk over the warps of a cohort and their lanes, in the order of the schedule.
//
//   greedy, reversed   a warp goes on until it can't
//   lockstep           every warp one piece at a time, each lane to its next place to wait
//   random             something between, in an order that chance draws anew
#pragma once

#include <cstddef>
#include <vector>

#include "block.h"
#include "settings.h"

namespace emulation {

// A permutation of 0..count-1 that a schedule visits things in.
class Order {
public:
    void draw(Schedule schedule, size_t count);
    size_t operator[](size_t i) const { return items[i]; }
    size_t size() const { return items.size(); }

private:
    std::vector<size_t> items;
};

class Walk {
public:
    explicit Walk(Cohort& cohort);

    // The thread that goes on now, or null once all have ended. Whoever stops asks, so that one switch of stacks leads
    // from thread to thread. Where threads are left and none can go on, the process ends with a list of them.
    Thread* next();

private:
    size_t nextLane();
    bool nextVisit();
    bool nextWarp();
    [[noreturn]] void deadlock() const;

    Cohort& cohort;
    const Schedule schedule;
    std::vector<Warp*> warps;
    Order warpOrder;
    Order laneOrder;
    size_t warpIndex = 0;  // in its order
    size_t visited = 32;   // lanes of the warp that have had their turn
    Warp* warp = nullptr;
    Thread* last = nullptr;  // that went on
    bool progress = false;   // a lane got to a new place to wait in this visit of its warp
    bool ran = false;        // or in this round over all warps
};

}  // namespace emulation
