#include "block.h"
#include "sanitizer.h"

namespace emulation {

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
        wake(*thread);
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
    const Thread* const first = barrier.first();
    if (threads == 0 && first != nullptr && !(first->site == site)) {
        defect("divergent __syncthreads: here %s:%d, while thread (%u, %u, %u) of the block waits at %s:%d", site.file, site.line,
               first->index.x, first->index.y, first->index.z, first->site.file, first->site.line);
    }
    barrier.arrive(*current, "__syncthreads", site, threads == 0 ? block.live : static_cast<size_t>(threads));
}

}  // namespace emulation
