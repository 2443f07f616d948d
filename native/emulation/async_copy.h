// cp.async: copies from global to shared memory that a thread queues, commits in groups, and waits for.
#pragma once

#include <cstddef>
#include <vector>

namespace emulation {

// The copies of one thread. In lazy mode the bytes move when the thread waits for their group, which shows a missing wait;
// in eager mode they move at once, which shows a buffer that is still being read.
class CopyQueue {
public:
    // Copies `valid` bytes and fills up to `bytes` with zeros.
    void add(void* shared, const void* global, size_t bytes, size_t valid);
    void commit();
    // Until at most this many of the latest groups are outstanding.
    void wait(size_t outstanding);
    void drain();

private:
    struct Copy {
        void* shared;
        const void* global;
        size_t bytes;
        size_t valid;
        size_t group;
    };

    std::vector<Copy> copies;
    size_t committed = 0;  // groups so far; copies of the open group carry this number
};

}  // namespace emulation
