// All device memory of a handle in one piece, so that there is one moment at which it can run out.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <functional>
#include <vector>

#include "layout.h"

namespace slicedscore {

// Offsets of the arrays. What asks for an array must stay where it is until the slab is there.
class SlabPlan {
public:
    // Room for count elements; the pointer is set when the slab is allocated.
    template <typename T>
    void take(T*& pointer, size_t count) {
        const size_t offset = reserve(count, sizeof(T));
        placements.push_back([&pointer, offset](char* base) { pointer = reinterpret_cast<T*>(base + offset); });
    }

    // Rows of all streams of so many samples.
    void take(JetMatrix& matrix, int samples, int streams, int width);

    size_t bytes() const { return used; }
    void place(char* base) const;

private:
    size_t reserve(size_t count, size_t size);

    size_t used = 0;
    std::vector<std::function<void(char*)>> placements;
};

class Slab {
public:
    // If it doesn't fit, the message says which number of samples would, by the bytes for a number of samples.
    Slab(const SlabPlan& plan, int samples, const std::function<size_t(int)>& bytesFor);
    ~Slab();
    Slab(const Slab&) = delete;
    Slab& operator=(const Slab&) = delete;

    void clear(cudaStream_t stream) const;

private:
    char* memory = nullptr;
    size_t bytes;
};

// Device memory that slabs hold.
size_t liveBytes();

}  // namespace slicedscore
