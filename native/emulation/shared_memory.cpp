#include "shared_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "emulation/language.h"
#include "settings.h"

namespace emulation {
namespace {

constexpr size_t DYNAMIC_ALIGNMENT = 1024;  // the most that any copy instruction asks for
constexpr size_t LEAST_ALIGNMENT = 16;
constexpr int NAN_BYTE = 0xff;  // four of them are a NaN, and -1

// Bytes behind an array that nobody may write; AddressSanitizer has its own.
#if defined(SS_EMULATION_ASAN)
constexpr size_t CANARY = 0;
#else
constexpr size_t CANARY = 64;
#endif

unsigned char* allocate(size_t bytes, size_t alignment) {
    void* memory = nullptr;
    if (posix_memalign(&memory, std::max(alignment, LEAST_ALIGNMENT), bytes + CANARY) != 0) {
        defect("no host memory for %zu bytes of shared memory", bytes);
    }
    std::memset(memory, NAN_BYTE, bytes + CANARY);
    return static_cast<unsigned char*>(memory);
}

void release(unsigned char* start, size_t bytes) {
    if (start != nullptr && std::any_of(start + bytes, start + bytes + CANARY, [](unsigned char c) { return c != NAN_BYTE; })) {
        defect("something wrote beyond the end of %zu bytes of shared memory", bytes);
    }
    std::free(start);
}

bool contains(const unsigned char* start, size_t bytes, const unsigned char* address) {
    return address >= start && address < start + bytes;
}

}  // namespace

SharedMemory::SharedMemory(size_t bytes)
    : dynamicBytes(bytes), dynamicStart(bytes == 0 ? nullptr : allocate(bytes, DYNAMIC_ALIGNMENT)) {}

SharedMemory::~SharedMemory() {
    release(dynamicStart, dynamicBytes);
    for (const Variable& variable : variables) {
        release(variable.start, variable.bytes);
    }
}

void* SharedMemory::variable(const void* key, size_t bytes, size_t alignment) {
    for (const Variable& variable : variables) {
        if (variable.key == key) {
            return variable.start;
        }
    }
    staticBytes += bytes;
    if (staticBytes > Profile::SHARED_PER_BLOCK || staticBytes + dynamicBytes > settings().profile->sharedPerBlockOptin) {
        defect("%zu bytes of shared arrays and %zu dynamic ones are more than a block of %s can have", staticBytes,
               dynamicBytes, settings().profile->name);
    }
    variables.push_back({key, allocate(bytes, alignment), bytes, alignment});
    return variables.back().start;
}

void* SharedMemory::translate(const void* address, SharedMemory& other) const {
    const auto* byte = static_cast<const unsigned char*>(address);
    if (contains(dynamicStart, dynamicBytes, byte)) {
        return other.dynamicStart + (byte - dynamicStart);
    }
    for (const Variable& variable : variables) {
        if (contains(variable.start, variable.bytes, byte)) {
            return static_cast<unsigned char*>(other.variable(variable.key, variable.bytes, variable.alignment))
                   + (byte - variable.start);
        }
    }
    defect("%p is not in the shared memory of the block", address);
}

}  // namespace emulation
