// The threads of a kernel while it runs: thread, warp, block, and the blocks that are alive together.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "async_copy.h"
#include "emulation/language.h"
#include "fiber.h"
#include "shared_memory.h"

namespace emulation {

struct Warp;
struct Block;
struct Cohort;

struct Thread {
    Fiber fiber;
    Block* block = nullptr;
    Warp* warp = nullptr;
    unsigned lane = 0;
    uint3 index{};
    bool yielded = false;
    const char* waitsFor = "";
    Site site{};
    CopyQueue copies;
};

// Threads that wait for each other. It opens when all that are expected have arrived.
class Barrier {
public:
    // Waits. Whether that many have arrived is asked again by release(), as threads end.
    void arrive(Thread& thread, const char* name, Site site, size_t expected);
    void release(size_t expected);

    // Who came first of those that wait; null for nobody.
    const Thread* first() const { return waiting.empty() ? nullptr : waiting.front(); }

private:
    std::vector<Thread*> waiting;
    // ThreadSanitizer's tags, by turns: a fast thread's next arrival must not order what a slow one does after this one.
    char tags[2] = {0, 0};
    unsigned turn = 0;
};

struct WarpOperation {
    WarpOperation(unsigned lanes, const char* operation, Site where, WarpFunction function)
        : mask(lanes), name(operation), site(where), compute(function) {}

    unsigned mask;
    unsigned arrived = 0;
    const char* name;
    Site site;
    WarpFunction compute;
    void* arguments[32] = {};
};

struct Warp {
    Thread* lanes[32] = {};
    unsigned live = 0;      // lanes that have not ended
    unsigned runnable = 0;  // those of them that can go on
    std::vector<WarpOperation> pending;
    char tags[2] = {0, 0};
    unsigned turn = 0;

    // Finishes operations that waited only for lanes that have ended.
    void settle();
};

struct Block {
    Block(uint3 index, size_t dynamicBytes, bool inCluster) : blockIndex(index), shared(dynamicBytes, inCluster) {}

    uint3 blockIndex;
    unsigned rank = 0;  // in its cluster
    Cohort* cohort = nullptr;
    SharedMemory shared;
    std::vector<Warp> warps;
    size_t live = 0;
    std::array<Barrier, 16> barriers;
};

// Blocks that are alive at the same time: one, those of a cluster, or those of a cooperative grid.
struct Cohort {
    std::vector<std::unique_ptr<Block>> blocks;
    size_t live = 0;
    Barrier barrier;  // of the cluster or the grid
};

// The thread that runs now; null while the host does.
extern Thread* current;

inline void wake(Thread& thread) {
    thread.warp->runnable |= 1u << thread.lane;
}

// Suspends the current thread until somebody wakes it.
void waitFor(const char* what, Site site);

}  // namespace emulation
