// A program that makes every call of the interface once, and for which memory runs out: the n-th time that the library asks for
// host memory, for every n, and from the n-th allocation of device or pinned memory on. The library says so, leaks nothing, and
// goes on in the next call.

#include <cstdint>
#include <cstdlib>
#include <new>

#include "program.h"

namespace {

int64_t failing = 0;  // which of the library's own allocations from now fails; 0 for none
int64_t blocks = 0;   // of the library, alive

// Before each block, so that who frees it knows whose it was.
struct alignas(std::max_align_t) Head {
    bool counted;
};

void* take(size_t bytes) {
    const bool counted = inLibrary && ss_emulation_is_inside() == 0;
    if (counted && failing > 0 && --failing == 0) {
        throw std::bad_alloc();
    }
    auto* const head = static_cast<Head*>(std::malloc(sizeof(Head) + bytes));
    if (head == nullptr) {
        throw std::bad_alloc();
    }
    head->counted = counted;
    blocks += counted ? 1 : 0;
    return head + 1;
}

void give(void* block) {
    if (block != nullptr) {
        Head* const head = static_cast<Head*>(block) - 1;
        blocks -= head->counted ? 1 : 0;
        std::free(head);
    }
}

}  // namespace

void* operator new(size_t bytes) {
    return take(bytes);
}

void* operator new[](size_t bytes) {
    return take(bytes);
}

void operator delete(void* block) noexcept {
    give(block);
}

void operator delete[](void* block) noexcept {
    give(block);
}

void operator delete(void* block, size_t) noexcept {
    give(block);
}

void operator delete[](void* block, size_t) noexcept {
    give(block);
}

namespace {

// Whether there was an n-th allocation to fail.
bool checkHostMemory(Surroundings& around, Part part, int64_t n) {
    const std::vector<int64_t> before = alive();
    const int64_t blocksBefore = blocks;
    failing = n;
    {
        Program program(around);
        perform(program, part);
        const int64_t left = failing;
        failing = 0;
        if (left == 0 && program.status() != SS_OK) {
            // In the middle of a change of its state it costs the run, which is another status.
            const bool trains = part == Part::TrainOnDevice || part == Part::TrainOnHost;
            CHECK(program.status() == SS_OUT_OF_MEMORY || (trains && program.status() == SS_CUDA_ERROR));
            CHECK(program.message().find("out of host memory") != std::string::npos);
        }
        State state;
        if (program.hasState() && program.read(state)) {
            CHECK(state == around.states.at(static_cast<size_t>(state.step)));
        }
        failing = left;  // it may be closing that gets no memory, and frees all the same
    }
    const bool failed = failing == 0;
    failing = 0;
    CHECK_CUDA(cudaStreamSynchronize(around.stream.get()));
    CHECK(alive() == before);
    CHECK(blocks == blocksBefore);
    checkNothingLives();
    return failed;
}

// Whether there was an n-th allocation to fail.
bool checkDeviceMemory(Surroundings& around, Part part, int64_t n) {
    const std::vector<int64_t> before = alive();
    const int64_t blocksBefore = blocks;
    set("fail-allocations", n);
    {
        Program program(around);
        perform(program, part);
        // Where it is only a buffer for longer calls that can't be had, shorter ones do.
        CHECK(program.status() == SS_OK || program.status() == SS_OUT_OF_MEMORY);
        if (program.status() == SS_OUT_OF_MEMORY) {
            CHECK(program.message().find("bytes") != std::string::npos);
            CHECK(!program.hasState());  // it is when something opens that memory runs out
        }
    }
    const bool failed = ss_emulation_failed_call()[0] != '\0';
    ss_emulation_reset();
    CHECK_CUDA(cudaStreamSynchronize(around.stream.get()));
    CHECK(alive() == before);
    CHECK(blocks == blocksBefore);
    checkNothingLives();
    return failed;
}

// How many there are of which each fails in turn.
template <typename Check>
int64_t each(Surroundings& around, Part part, const Check& check) {
    int64_t n = 1;
    while (check(around, part, n)) {
        ++n;
    }
    CHECK(n > 1);
    return n - 1;
}

}  // namespace

int main() {
    int64_t host = 0;
    int64_t device = 0;
    for (const int32_t kernels : {SS_KERNELS_LAYERED, SS_KERNELS_FUSED}) {
        ss_training training = reference::training(SS_DSM, 1);
        training.batch = 2;
        training.average_decay = 0.5;
        training.kernels = kernels;
        Surroundings around(problemOf(reference::network(SS_ENERGY, SS_TANH, 1, 0, {1}), training, 2));
        around.states = wholeSteps(around);
        for (const Part part : PARTS) {
            host += each(around, part, checkHostMemory);
            device += each(around, part, checkDeviceMemory);
        }
    }
    std::printf("out of host memory: %lld times, out of device or pinned memory: %lld times\n", static_cast<long long>(host),
                static_cast<long long>(device));
    return 0;
}
