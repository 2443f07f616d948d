#include "scheduler.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "block.h"
#include "counters.h"
#include "emulation/tensor_core.h"
#include "sanitizer.h"
#include "settings.h"

uint3 threadIdx;
uint3 blockIdx;
dim3 blockDim;
dim3 gridDim;

namespace emulation {

Thread* current = nullptr;

namespace {

// The grid that runs; one at a time, as its driver holds the device's lock.
const Grid* grid = nullptr;
const Ordering* ordering = nullptr;

// Threads are kept for the next cohort: a fiber's stack is dear to make.
std::vector<std::unique_ptr<Thread>>& threads() {
    static auto* all = new std::vector<std::unique_ptr<Thread>>[QUEUES];
#if defined(SS_EMULATION_TSAN)
    return all[ordering->queue % QUEUES];
#else
    return all[0];
#endif
}

void threadMain(void* argument) {
    {
        const sanitizer::Unseen unseen;
        for (const void* tag : ordering->after) {
            sanitizer::acquire(tag);
        }
    }
    grid->body();
    const sanitizer::Unseen unseen;
    Thread& thread = *static_cast<Thread*>(argument);
    thread.copies.drain();
    for (const void* tag : ordering->done) {
        sanitizer::release(tag);
    }
    thread.runnable = false;
    thread.warp->live &= ~(1u << thread.lane);
    thread.warp->settle();
    Block& block = *thread.block;
    --block.live;
    block.barriers[0].release(block.live);
    --block.cohort->live;
    block.cohort->barrier.release(block.cohort->live);
}

void resume(Thread& thread) {
    current = &thread;
    threadIdx = thread.index;
    blockIdx = thread.block->blockIndex;
    thread.fiber.resume();
    current = nullptr;
}

// A permutation of 0..count-1 that a schedule visits things in.
class Order {
public:
    void draw(size_t count) {
        items.resize(count);
        const bool backwards = settings().schedule == Schedule::Reversed;
        for (size_t i = 0; i < count; ++i) {
            items[i] = backwards ? count - 1 - i : i;
        }
        if (settings().schedule == Schedule::Random) {
            for (size_t i = count; i > 1; --i) {
                std::swap(items[i - 1], items[randomBelow(i)]);
            }
        }
    }
    size_t operator[](size_t i) const { return items[i]; }
    size_t size() const { return items.size(); }

private:
    std::vector<size_t> items;
};

// Lets each runnable lane go on once; true if one of them got to a new place to wait.
bool visit(Warp& warp, Order& lanes, bool mayskip) {
    bool progress = false;
    lanes.draw(32);
    for (size_t i = 0; i < 32; ++i) {
        Thread* thread = warp.lanes[lanes[i]];
        if (thread == nullptr || !thread->runnable || (mayskip && randomBelow(4) == 0)) {
            continue;
        }
        thread->yielded = false;
        resume(*thread);
        progress |= !thread->yielded;
    }
    return progress;
}

[[noreturn]] void deadlock(const Cohort& cohort) {
    std::fprintf(stderr, "emulation: all threads wait for each other:\n");
    int shown = 0;
    for (const auto& block : cohort.blocks) {
        for (const Warp& warp : block->warps) {
            for (const Thread* thread : warp.lanes) {
                if (thread != nullptr && !thread->fiber.ended() && shown++ < 64) {
                    std::fprintf(stderr, "  block (%u, %u, %u) thread (%u, %u, %u): %s at %s:%d\n", block->blockIndex.x,
                                 block->blockIndex.y, block->blockIndex.z, thread->index.x, thread->index.y,
                                 thread->index.z, thread->waitsFor, thread->site.file, thread->site.line);
                }
            }
        }
    }
    std::abort();
}

void runCohort(Cohort& cohort) {
    std::vector<Warp*> warps;
    for (auto& block : cohort.blocks) {
        for (Warp& warp : block->warps) {
            warps.push_back(&warp);
        }
    }
    const Schedule schedule = settings().schedule;
    Order warpOrder;
    Order laneOrder;
    while (cohort.live > 0) {
        bool ran = false;
        warpOrder.draw(warps.size());
        for (size_t i = 0; i < warpOrder.size(); ++i) {
            Warp& warp = *warps[warpOrder[i]];
            // Greedy: on until the warp can't. Lockstep: everybody one piece at a time. Random: something between.
            bool again = true;
            while (again) {
                const bool random = schedule == Schedule::Random;
                again = visit(warp, laneOrder, random);
                ran |= again;
                again = again && (random ? randomBelow(2) == 0 : schedule != Schedule::Lockstep);
            }
        }
        if (!ran) {
            const bool runnable = std::any_of(warps.begin(), warps.end(), [](const Warp* warp) {
                return std::any_of(std::begin(warp->lanes), std::end(warp->lanes),
                                   [](const Thread* thread) { return thread != nullptr && thread->runnable; });
            });
            if (!runnable && cohort.live > 0) {
                deadlock(cohort);
            }
        }
    }
}

uint3 coordinates(size_t linear, dim3 extent) {
    const size_t plane = size_t{extent.x} * extent.y;
    return {static_cast<unsigned>(linear % extent.x), static_cast<unsigned>(linear % plane / extent.x),
            static_cast<unsigned>(linear / plane)};
}

void addBlock(Cohort& cohort, size_t linear, size_t& threadsUsed) {
    const size_t count = size_t{grid->threads.x} * grid->threads.y * grid->threads.z;
    cohort.blocks.push_back(std::make_unique<Block>(coordinates(linear, grid->blocks), grid->dynamicBytes));
    Block& block = *cohort.blocks.back();
    block.cohort = &cohort;
    block.rank = static_cast<unsigned>(linear % grid->clusterSize);
    block.warps.resize((count + 31) / 32);
    block.live = count;
    cohort.live += count;
    for (size_t i = 0; i < count; ++i) {
        if (threadsUsed == threads().size()) {
            threads().push_back(std::make_unique<Thread>());
        }
        Thread& thread = *threads()[threadsUsed++];
        thread.block = &block;
        thread.warp = &block.warps[i / 32];
        thread.lane = static_cast<unsigned>(i % 32);
        thread.index = coordinates(i, grid->threads);
        thread.runnable = true;
        thread.waitsFor = "";
        thread.warp->lanes[thread.lane] = &thread;
        thread.warp->live |= 1u << thread.lane;
        thread.fiber.start(threadMain, &thread);
    }
}

}  // namespace

void run(const Grid& newGrid, const Ordering& newOrdering) {
    ++counters().launches;
    counters().cooperativeLaunches += newGrid.cooperative ? 1 : 0;
    counters().clusterLaunches += newGrid.clusterSize > 1 ? 1 : 0;
    grid = &newGrid;
    ordering = &newOrdering;
    blockDim = newGrid.threads;
    gridDim = newGrid.blocks;
    const size_t blocks = size_t{gridDim.x} * gridDim.y * gridDim.z;
    // Blocks of a cluster or a cooperative grid must be alive together, others may be.
    const bool random = settings().schedule == Schedule::Random;
    const size_t together = newGrid.cooperative ? blocks : newGrid.clusterSize > 1 ? newGrid.clusterSize : random ? 3 : 1;
    Order cohorts;
    cohorts.draw((blocks + together - 1) / together);
    for (size_t i = 0; i < cohorts.size(); ++i) {
        Cohort cohort;
        size_t threadsUsed = 0;
        const size_t first = cohorts[i] * together;
        for (size_t linear = first; linear < std::min(first + together, blocks); ++linear) {
            addBlock(cohort, linear, threadsUsed);
        }
        runCohort(cohort);
    }
    grid = nullptr;
    ordering = nullptr;
}

void waitFor(const char* what, Site site) {
    current->runnable = false;
    current->waitsFor = what;
    current->site = site;
    Fiber::suspend();
}

void yield() {
    current->yielded = true;
    Fiber::suspend();
}

void* sharedVariable(const void* key, size_t bytes, size_t alignment) {
    const sanitizer::Unseen unseen;
    return current->block->shared.variable(key, bytes, alignment);
}

void* dynamicShared() {
    return current->block->shared.dynamic();
}

void copyAsync(void* shared, const void* global, size_t bytes, size_t valid) {
    current->copies.add(shared, global, bytes, valid);
}

void commitCopies() {
    current->copies.commit();
}

void waitForCopies(size_t outstanding) {
    current->copies.wait(outstanding);
}

void cohortBarrier(const char* name, Site site) {
    const sanitizer::Unseen unseen;
    if (!grid->cooperative && grid->clusterSize == 1) {
        defect("%s at %s:%d in a launch that is neither cooperative nor of clusters", name, site.file, site.line);
    }
    Cohort& cohort = *current->block->cohort;
    cohort.barrier.arrive(*current, name, site, cohort.live);
}

unsigned clusterRank() {
    return current->block->rank;
}

void* clusterShared(void* address, unsigned rank) {
    const sanitizer::Unseen unseen;
    Block& block = *current->block;
    if (rank >= grid->clusterSize) {
        defect("block %u of a cluster of %u", rank, grid->clusterSize);
    }
    return block.shared.translate(address, block.cohort->blocks[rank]->shared);
}

void defect(const char* pattern, ...) {
    std::fprintf(stderr, "emulation: ");
    va_list arguments;
    va_start(arguments, pattern);
    std::vfprintf(stderr, pattern, arguments);
    va_end(arguments);
    if (current != nullptr) {
        std::fprintf(stderr, " [block (%u, %u, %u) thread (%u, %u, %u)]", blockIdx.x, blockIdx.y, blockIdx.z, threadIdx.x,
                     threadIdx.y, threadIdx.z);
    }
    std::fprintf(stderr, "\n");
    std::abort();
}

}  // namespace emulation
