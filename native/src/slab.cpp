#include "slab.h"

#include <atomic>
#include <cstdint>

#include "status.h"

namespace slicedscore {
namespace {

constexpr size_t ALIGNMENT = 256;

std::atomic<size_t> live{0};

// The most samples that fit, 0 for none.
int largestFit(size_t free, int samples, const std::function<size_t(int)>& bytesFor) {
    int fits = 0;
    int tooMany = samples;
    while (tooMany - fits > 1) {
        const int middle = fits + (tooMany - fits) / 2;
        (bytesFor(middle) <= free ? fits : tooMany) = middle;
    }
    return fits;
}

}  // namespace

void SlabPlan::take(JetMatrix& matrix, int samples, int streams, int width) {
    matrix.pitch = pitchOf(width);
    matrix.streams = streams;
    const size_t rows = static_cast<size_t>(groupsOf(samples)) * GROUP * static_cast<size_t>(streams);
    take(matrix.data, rows * static_cast<size_t>(matrix.pitch));
}

size_t SlabPlan::reserve(size_t count, size_t size) {
    const size_t offset = used;
    require(count <= (SIZE_MAX / 2 - used) / size, SS_HERE, format("an array of %zu elements", count));
    used = (used + count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return offset;
}

void SlabPlan::place(char* base) const {
    for (const auto& placement : placements) {
        placement(base);
    }
}

Slab::Slab(const SlabPlan& plan, int samples, const std::function<size_t(int)>& bytesFor) : bytes(plan.bytes()) {
    const cudaError_t result = cudaMalloc(&memory, bytes);
    if (result == cudaErrorMemoryAllocation) {
        size_t free = 0;
        size_t total = 0;
        static_cast<void>(cudaGetLastError());
        static_cast<void>(cudaMemGetInfo(&free, &total));
        const int fit = largestFit(free, samples, bytesFor);
        const std::string advice = fit == 0 ? "not even one row fits" : format("%d rows would fit", fit);
        check(result, SS_HERE,
              format("cudaMalloc of %zu bytes for %d rows, with %zu bytes free of %zu; %s", bytes, samples, free, total, advice.c_str()));
    }
    if (result != cudaSuccess) {
        check(result, SS_HERE, format("cudaMalloc of %zu bytes for %d rows", bytes, samples));
    }
    live += bytes;
    plan.place(memory);
}

Slab::~Slab() {
    static_cast<void>(cudaFree(memory));  // a destructor can't report; the failure shows at the next call
    live -= bytes;
}

void Slab::clear(cudaStream_t stream) const {
    check(cudaMemsetAsync(memory, 0, bytes, stream), SS_HERE, format("cudaMemsetAsync of %zu bytes", bytes));
}

size_t liveBytes() {
    return live;
}

}  // namespace slicedscore
