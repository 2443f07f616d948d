#include "memory.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <vector>

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "device.h"
#include "operation.h"
#include "sanitizer.h"
#include "settings.h"
#include "stream.h"

namespace emulation {
namespace {

constexpr size_t PAGE = 4096;
constexpr size_t ALIGNMENT = 256;
constexpr int NAN_BYTE = 0xff;
constexpr size_t QUARANTINE = 4096;  // freed allocations that stay unmapped

using Allocations = std::map<const unsigned char*, Allocation>;

// Never destroyed: a program's own static objects may free after ours are gone.
Allocations& deviceMemory() {
    static auto* all = new Allocations();
    return *all;
}

std::map<const unsigned char*, size_t>& pinnedMemory() {
    static auto* all = new std::map<const unsigned char*, size_t>();
    return *all;
}

std::deque<std::pair<unsigned char*, size_t>>& quarantine() {
    static auto* all = new std::deque<std::pair<unsigned char*, size_t>>();
    return *all;
}

int openings = 0;

void protect(const Allocation& allocation, int protection) {
    if (mprotect(allocation.pages, allocation.pageBytes, protection) != 0) {
        std::perror("emulation: mprotect of device memory");
        std::abort();
    }
}

void open(const Allocation& allocation) {
    protect(allocation, PROT_READ | PROT_WRITE);
}

void close(const Allocation& allocation) {
    if (settings().guard && openings == 0) {
        protect(allocation, PROT_NONE);
    }
}

size_t roundUp(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

// The bytes between an allocation's end and its last page's: nobody may have written there.
bool tailIsIntact(const Allocation& allocation) {
    const unsigned char* end = allocation.pages + allocation.pageBytes;
    for (const unsigned char* byte = allocation.start + allocation.bytes; byte < end; ++byte) {
        if (*byte != NAN_BYTE) {
            return false;
        }
    }
    return true;
}

cudaError_t allocate(void** pointer, size_t bytes) {
    *pointer = nullptr;
    if (bytes == 0) {
        return cudaSuccess;
    }
    if (bytes > settings().memory || usedBytes(currentDevice()) + bytes > settings().memory) {
        return cudaErrorMemoryAllocation;
    }
    Allocation allocation{};
    allocation.bytes = bytes;
    allocation.pageBytes = roundUp(bytes, PAGE);
    allocation.device = currentDevice();
    void* mapping = mmap(nullptr, allocation.pageBytes + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) {
        return cudaErrorMemoryAllocation;
    }
    allocation.pages = static_cast<unsigned char*>(mapping) + PAGE;
    allocation.start = allocation.pages + (allocation.pageBytes - roundUp(bytes, ALIGNMENT));
    open(allocation);
    std::memset(allocation.pages, NAN_BYTE, allocation.pageBytes);
    sanitizer::poison(allocation.pages, allocation.pageBytes);
    sanitizer::unpoison(allocation.start, bytes);
    close(allocation);
    deviceMemory().emplace(allocation.start, allocation);
    ++counters().deviceAllocations;
    counters().deviceBytes += static_cast<int64_t>(bytes);
    *pointer = allocation.start;
    return cudaSuccess;
}

cudaError_t release(void* pointer) {
    if (pointer == nullptr) {
        return cudaSuccess;
    }
    const auto found = deviceMemory().find(static_cast<const unsigned char*>(pointer));
    if (found == deviceMemory().end()) {
        return cudaErrorInvalidValue;
    }
    if (captureForbidsUnsafeCalls()) {
        invalidateCaptures();
        return cudaErrorStreamCaptureUnsupported;
    }
    completeAll();  // cudaFree waits for the device
    const Allocation allocation = found->second;
    deviceMemory().erase(found);
    --counters().deviceAllocations;
    counters().deviceBytes -= static_cast<int64_t>(allocation.bytes);
    open(allocation);
    sanitizer::unpoison(allocation.pages, allocation.pageBytes);
    if (!tailIsIntact(allocation)) {
        defect("something wrote beyond the end of a device allocation of %zu bytes at %p", allocation.bytes, pointer);
    }
    mmap(allocation.pages, allocation.pageBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    quarantine().emplace_back(allocation.pages - PAGE, allocation.pageBytes + 2 * PAGE);
    if (quarantine().size() > QUARANTINE) {
        munmap(quarantine().front().first, quarantine().front().second);
        quarantine().pop_front();
    }
    return cudaSuccess;
}

// Whether `bytes` from this address on lie in one device allocation, or outside of all.
bool inside(const void* address, size_t bytes, bool device) {
    const Allocation* allocation = deviceAllocation(address);
    if (!device) {
        return allocation == nullptr;
    }
    return allocation != nullptr
           && bytes <= allocation->bytes - static_cast<size_t>(static_cast<const unsigned char*>(address) - allocation->start);
}

cudaError_t checkCopy(const void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
    if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault) {
        return cudaErrorInvalidMemcpyDirection;
    }
    const bool toDevice = kind == cudaMemcpyDefault ? deviceAllocation(target) != nullptr
                                                    : kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool fromDevice = kind == cudaMemcpyDefault ? deviceAllocation(source) != nullptr
                                                      : kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    return inside(target, bytes, toDevice) && inside(source, bytes, fromDevice) ? cudaSuccess : cudaErrorInvalidValue;
}

// The bytes, if they are the device's.
int64_t onDevice(const void* start, size_t bytes) {
    return deviceAllocation(start) == nullptr ? 0 : static_cast<int64_t>(bytes);
}

// Pageable memory is copied before the call returns; only pinned memory is read or written later.
cudaError_t copyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    const cudaError_t wrong = checkCopy(target, source, bytes, kind);
    if (wrong != cudaSuccess || bytes == 0) {
        return wrong;
    }
    const bool fromPageable = deviceAllocation(source) == nullptr && !isPinned(source);
    const bool toPageable = deviceAllocation(target) == nullptr && !isPinned(target);
    const int64_t moved = onDevice(source, bytes) + onDevice(target, bytes);
    if (fromPageable && !isCapturing(stream)) {
        auto staged = std::make_shared<std::vector<unsigned char>>(bytes);
        {
            const DeviceAccess access;
            std::memcpy(staged->data(), source, bytes);
        }
        return submit(stream, Operation::Engine, [target, staged, bytes, moved] {
            std::memcpy(target, staged->data(), bytes);
            counters().trafficCopied += moved;
        });
    }
    const cudaError_t result = submit(stream, Operation::Engine, [target, source, bytes, moved] {
        std::memcpy(target, source, bytes);
        counters().trafficCopied += moved;
    });
    return result == cudaSuccess && toPageable && !isCapturing(stream) ? synchronize(stream) : result;
}

cudaError_t setAsync(void* target, int value, size_t bytes, cudaStream_t stream) {
    if (!inside(target, bytes, true) && !isPinned(target)) {
        return cudaErrorInvalidValue;
    }
    return submit(stream, Operation::Engine, [target, value, bytes, moved = onDevice(target, bytes)] {
        std::memset(target, value, bytes);
        counters().trafficCopied += moved;
    });
}

cudaError_t allocatePinned(void** pointer, size_t bytes) {
    *pointer = nullptr;
    if (bytes == 0) {
        return cudaSuccess;
    }
    void* memory = std::aligned_alloc(PAGE, roundUp(bytes, PAGE));
    if (memory == nullptr) {
        return cudaErrorMemoryAllocation;
    }
    std::memset(memory, NAN_BYTE, bytes);
    sanitizer::poison(static_cast<unsigned char*>(memory) + bytes, roundUp(bytes, PAGE) - bytes);
    pinnedMemory().emplace(static_cast<unsigned char*>(memory), bytes);
    ++counters().pinnedAllocations;
    *pointer = memory;
    return cudaSuccess;
}

cudaError_t releasePinned(void* pointer) {
    if (pointer == nullptr) {
        return cudaSuccess;
    }
    const auto found = pinnedMemory().find(static_cast<const unsigned char*>(pointer));
    if (found == pinnedMemory().end()) {
        return cudaErrorInvalidValue;
    }
    completeAll();
    sanitizer::unpoison(pointer, roundUp(found->second, PAGE));
    std::memset(pointer, NAN_BYTE, found->second);
    std::free(pointer);
    pinnedMemory().erase(found);
    --counters().pinnedAllocations;
    return cudaSuccess;
}

}  // namespace

const Allocation* deviceAllocation(const void* address) {
    const auto* byte = static_cast<const unsigned char*>(address);
    auto after = deviceMemory().upper_bound(byte);
    if (after == deviceMemory().begin()) {
        return nullptr;
    }
    const Allocation& allocation = (--after)->second;
    return byte < allocation.start + allocation.bytes ? &allocation : nullptr;
}

bool isPinned(const void* address) {
    const auto* byte = static_cast<const unsigned char*>(address);
    auto after = pinnedMemory().upper_bound(byte);
    return after != pinnedMemory().begin() && byte < (--after)->first + after->second;
}

DeviceAccess::DeviceAccess() {
    if (openings++ == 0 && settings().guard) {
        for (const auto& entry : deviceMemory()) {
            open(entry.second);
        }
    }
}

DeviceAccess::~DeviceAccess() {
    if (--openings == 0) {
        for (const auto& entry : deviceMemory()) {
            close(entry.second);
        }
    }
}

size_t usedBytes(int device) {
    size_t bytes = 0;
    for (const auto& entry : deviceMemory()) {
        if (entry.second.device == device) {
            bytes += entry.second.bytes;
        }
    }
    return bytes;
}

}  // namespace emulation

using emulation::call;
using emulation::Kind;

cudaError_t cudaMalloc(void** pointer, size_t bytes) {
    return call("cudaMalloc", Kind::Allocation, [&] { return emulation::allocate(pointer, bytes); });
}

cudaError_t cudaFree(void* pointer) {
    return call("cudaFree", Kind::Release, [&] { return emulation::release(pointer); });
}

cudaError_t cudaMallocHost(void** pointer, size_t bytes) {
    return call("cudaMallocHost", Kind::Allocation, [&] { return emulation::allocatePinned(pointer, bytes); });
}

cudaError_t cudaHostAlloc(void** pointer, size_t bytes, unsigned) {
    return call("cudaHostAlloc", Kind::Allocation, [&] { return emulation::allocatePinned(pointer, bytes); });
}

cudaError_t cudaFreeHost(void* pointer) {
    return call("cudaFreeHost", Kind::Release, [&] { return emulation::releasePinned(pointer); });
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
    return call("cudaMemGetInfo", Kind::Plain, [&] {
        *total = emulation::settings().memory;
        *free = *total - emulation::usedBytes(emulation::currentDevice());
        return cudaSuccess;
    });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* pointer) {
    return call("cudaPointerGetAttributes", Kind::Plain, [&] {
        const emulation::Allocation* allocation = emulation::deviceAllocation(pointer);
        void* const address = const_cast<void*>(pointer);
        if (allocation != nullptr) {
            *attributes = {cudaMemoryTypeDevice, allocation->device, address, nullptr};
        } else if (emulation::isPinned(pointer)) {
            *attributes = {cudaMemoryTypeHost, emulation::currentDevice(), address, address};
        } else {
            *attributes = {cudaMemoryTypeUnregistered, -2, nullptr, address};
        }
        return cudaSuccess;
    });
}

cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
    return call("cudaMemcpy", Kind::UnsafeInCapture, [&] {
        const cudaError_t result = emulation::copyAsync(target, source, bytes, kind, nullptr);
        return result == cudaSuccess ? emulation::synchronize(nullptr) : result;
    });
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    return call("cudaMemcpyAsync", Kind::Plain, [&] { return emulation::copyAsync(target, source, bytes, kind, stream); });
}

cudaError_t cudaMemset(void* target, int value, size_t bytes) {
    return call("cudaMemset", Kind::UnsafeInCapture, [&] { return emulation::setAsync(target, value, bytes, nullptr); });
}

cudaError_t cudaMemsetAsync(void* target, int value, size_t bytes, cudaStream_t stream) {
    return call("cudaMemsetAsync", Kind::Plain, [&] { return emulation::setAsync(target, value, bytes, stream); });
}
