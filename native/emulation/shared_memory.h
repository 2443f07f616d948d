// The shared memory of one block: what the launch asked for, and the arrays that kernels declare.
#pragma once

#include <cstddef>
#include <vector>

namespace emulation {

// One array: pages of its own with unmapped ones around, at whose end it lies as near as its alignment allows.
struct SharedArray {
    const void* key;  // of the declaration; null for the dynamic part
    unsigned char* start;
    size_t bytes;
    size_t alignment;
    unsigned char* pages;
    size_t pageBytes;
};

// Fresh for every block and filled with NaN, as nothing may be expected of its contents.
class SharedMemory {
public:
    // `closable` where other blocks can reach it: it is closed then until open() is called.
    SharedMemory(size_t dynamicBytes, bool closable);
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    void* dynamic() const { return dynamicBytes == 0 ? nullptr : arrays.front().start; }
    void* variable(const void* key, size_t bytes, size_t alignment);

    // The address in another block of the cluster that corresponds to an address in this one.
    void* translate(const void* address, SharedMemory& other) const;

    // It exists from the start of the block's first thread to the end of its last; whoever touches it before or after crashes.
    void open();
    void close();

    bool contains(const void* address) const;

private:
    unsigned char* add(const void* key, size_t bytes, size_t alignment);

    const size_t dynamicBytes;
    const bool closable;
    bool isOpen;
    size_t staticBytes = 0;
    std::vector<SharedArray> arrays;
};

}  // namespace emulation
