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
#include "shared_fault.h"
#include "trace.h"
#include "traffic.h"
#include "walk.h"

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
Walk* walk = nullptr;

// Threads are kept for the next cohort: a fiber's stack is dear to make.
std::vector<std::unique_ptr<Thread>>& threads() {
    static auto* all = new std::vector<std::unique_ptr<Thread>>[QUEUES];
#if defined(SS_EMULATION_TSAN)
    return all[ordering->queue % QUEUES];
#else
    return all[0];
#endif
}

// What a kernel, and messages, see of the thread that goes on.
void become(Thread& thread) {
    current = &thread;
    threadIdx = thread.index;
    blockIdx = thread.block->blockIndex;
}

// The current thread stops here; who is next?
Fiber* nextFiber() {
    Thread* const next = walk->next();
    if (next == nullptr) {
        current = nullptr;
        return nullptr;
    }
    become(*next);
    return &next->fiber;
}

Fiber* threadMain(void* argument) {
    {
        const sanitizer::Unseen unseen;
        for (const void* tag : ordering->after) {
            sanitizer::acquire(tag);
        }
    }
    Thread& thread = *static_cast<Thread*>(argument);
    Block& block = *thread.block;
    block.shared.open();
    grid->body();
    const sanitizer::Unseen unseen;
    thread.copies.drain();
    for (const void* tag : ordering->done) {
        sanitizer::release(tag);
    }
    thread.warp->runnable &= ~(1u << thread.lane);
    thread.warp->live &= ~(1u << thread.lane);
    thread.warp->settle();
    --block.live;
    block.barriers[0].release(block.live);
    if (block.live == 0) {
        block.shared.close();
    }
    --block.cohort->live;
    block.cohort->barrier.release(block.cohort->live);
    return nextFiber();
}

uint3 coordinates(size_t linear, dim3 extent) {
    const size_t plane = size_t{extent.x} * extent.y;
    return {static_cast<unsigned>(linear % extent.x), static_cast<unsigned>(linear % plane / extent.x),
            static_cast<unsigned>(linear / plane)};
}

void addBlock(Cohort& cohort, size_t linear, size_t& threadsUsed) {
    const size_t count = size_t{grid->threads.x} * grid->threads.y * grid->threads.z;
    cohort.blocks.push_back(std::make_unique<Block>(coordinates(linear, grid->blocks), grid->dynamicBytes, grid->clusterSize > 1));
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
        thread.waitsFor = "";
        thread.warp->lanes[thread.lane] = &thread;
        thread.warp->live |= 1u << thread.lane;
        wake(thread);
        thread.fiber.start(threadMain, &thread);
    }
}

}  // namespace

void run(const Grid& newGrid, const Ordering& newOrdering) {
    const LaunchTrace trace(newGrid);
    const traffic::Launch counting;
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
    cohorts.draw(settings().schedule, (blocks + together - 1) / together);
    for (size_t i = 0; i < cohorts.size(); ++i) {
        Cohort cohort;
        size_t threadsUsed = 0;
        const size_t first = cohorts[i] * together;
        for (size_t linear = first; linear < std::min(first + together, blocks); ++linear) {
            addBlock(cohort, linear, threadsUsed);
        }
        const auto faults = newGrid.clusterSize > 1 ? std::make_unique<SharedFaults>(cohort) : nullptr;
        Walk order(cohort);
        walk = &order;
        nextFiber()->run();
    }
    grid = nullptr;
    ordering = nullptr;
    walk = nullptr;
}

void waitFor(const char* what, Site site) {
    current->warp->runnable &= ~(1u << current->lane);
    current->waitsFor = what;
    current->site = site;
    Fiber::goOnWith(nextFiber());
}

void yield() {
    current->yielded = true;
    Fiber::goOnWith(nextFiber());
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
