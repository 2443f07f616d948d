#include "block.h"
#include "sanitizer.h"

namespace emulation {
namespace {

constexpr const char* BLOCK_BARRIER = "__syncthreads";

}  // namespace

void Barrier::arrive(Thread& thread, const char* name, Site site, size_t expected) {
    const char* tag = &tags[turn];
    sanitizer::release(tag);
    waiting.push_back(&thread);
    if (waiting.size() < expected) {
        waitFor(name, site);
    } else {
        release(expected);
    }
    sanitizer::acquire(tag);
}

void Barrier::release(size_t expected) {
    if (waiting.empty() || waiting.size() < expected) {
        return;
    }
    for (Thread* thread : waiting) {
        thread->runnable = true;
    }
    waiting.clear();
    turn ^= 1;
}

void blockBarrier(int number, int threads, Site site) {
    const sanitizer::Unseen unseen;
    Block& block = *current->block;
    Barrier& barrier = block.barriers[static_cast<size_t>(number)];
    // The whole block passes barrier 0 together; waiting at two places of the program is divergence, which hardware
    // answers with a hang or with wrong results.
    if (threads == 0) {
        for (const Warp& warp : block.warps) {
            for (const Thread* thread : warp.lanes) {
                if (thread != nullptr && thread != current && !thread->runnable && !thread->fiber.ended()
                    && thread->waitsFor == BLOCK_BARRIER && !(thread->site == site)) {
                    defect("divergent __syncthreads: here %s:%d, while thread (%u, %u, %u) of the block waits at %s:%d", site.file,
                           site.line, thread->index.x, thread->index.y, thread->index.z, thread->site.file,
                           thread->site.line);
                }
            }
        }
    }
    barrier.arrive(*current, BLOCK_BARRIER, site, threads == 0 ? block.live : static_cast<size_t>(threads));
}

}  // namespace emulation
