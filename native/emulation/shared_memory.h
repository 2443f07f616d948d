// The shared memory of one block: what the launch asked for, and the arrays that kernels declare.
#pragma once

#include <cstddef>
#include <vector>

namespace emulation {

// Fresh for every block and filled with NaN, as nothing may be expected of its contents. Each array, and the dynamic part,
// is an allocation of its own, so AddressSanitizer knows its ends.
class SharedMemory {
public:
    explicit SharedMemory(size_t dynamicBytes);
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    void* dynamic() const { return dynamicStart; }
    void* variable(const void* key, size_t bytes, size_t alignment);

    // The address in another block of the cluster that corresponds to an address in this one.
    void* translate(const void* address, SharedMemory& other) const;

private:
    struct Variable {
        const void* key;
        unsigned char* start;
        size_t bytes;
        size_t alignment;
    };

    size_t dynamicBytes;
    unsigned char* dynamicStart;
    size_t staticBytes = 0;
    std::vector<Variable> variables;
};

}  // namespace emulation
