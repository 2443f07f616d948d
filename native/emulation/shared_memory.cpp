#include "shared_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>

#include "emulation/language.h"
#include "sanitizer.h"
#include "settings.h"

namespace emulation {
namespace {

constexpr size_t PAGE = 4096;
constexpr size_t DYNAMIC_ALIGNMENT = 1024;  // the most that any copy instruction asks for
constexpr size_t LEAST_ALIGNMENT = 16;
constexpr int NAN_BYTE = 0xff;  // four of them are a NaN, and -1

// Pages are used again for the next block: to map and unmap them takes longer than many a kernel. By their bytes.
std::map<size_t, std::vector<unsigned char*>>& unused() {
    static auto* all = new std::map<size_t, std::vector<unsigned char*>>();
    return *all;
}

size_t roundUp(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

void protect(const SharedArray& array, int protection) {
    if (mprotect(array.pages, array.pageBytes, protection) != 0) {
        defect("mprotect of shared memory failed");
    }
}

// Open pages with closed ones around.
unsigned char* takePages(size_t bytes) {
    std::vector<unsigned char*>& free = unused()[bytes];
    unsigned char* pages = nullptr;
    if (free.empty()) {
        void* memory = mmap(nullptr, bytes + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            defect("no host memory for %zu bytes of shared memory", bytes);
        }
        pages = static_cast<unsigned char*>(memory) + PAGE;
        if (mprotect(pages, bytes, PROT_READ | PROT_WRITE) != 0) {
            defect("mprotect of shared memory failed");
        }
    } else {
        pages = free.back();
        free.pop_back();
        sanitizer::unpoison(pages, bytes);
#if defined(SS_EMULATION_TSAN)
        // Mapped anew, it has no history of accesses by the threads of earlier blocks.
        mmap(pages, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
#endif
    }
    return pages;
}

bool isInside(const SharedArray& array, const void* address) {
    const auto* byte = static_cast<const unsigned char*>(address);
    return byte >= array.start && byte < array.start + array.bytes;
}

}  // namespace

SharedMemory::SharedMemory(size_t bytes, bool reachable) : dynamicBytes(bytes), closable(reachable), isOpen(!reachable) {
    if (bytes != 0) {
        add(nullptr, bytes, DYNAMIC_ALIGNMENT);
    }
}

SharedMemory::~SharedMemory() {
    open();
    for (const SharedArray& array : arrays) {
        sanitizer::poison(array.pages, array.pageBytes);
        const unsigned char* end = array.pages + array.pageBytes;
        if (std::any_of<const unsigned char*>(array.start + array.bytes, end, [](unsigned char c) { return c != NAN_BYTE; })) {
            defect("something wrote beyond the end of %zu bytes of shared memory", array.bytes);
        }
        unused()[array.pageBytes].push_back(array.pages);
    }
}

unsigned char* SharedMemory::add(const void* key, size_t bytes, size_t alignment) {
    SharedArray array{key, nullptr, bytes, alignment, nullptr, roundUp(std::max(bytes, size_t{1}), PAGE)};
    array.pages = takePages(array.pageBytes);
    array.start = array.pages + (array.pageBytes - roundUp(bytes, std::max(alignment, LEAST_ALIGNMENT)));
    std::memset(array.start, NAN_BYTE, static_cast<size_t>(array.pages + array.pageBytes - array.start));
    sanitizer::poison(array.pages, array.pageBytes);
    sanitizer::unpoison(array.start, bytes);
    if (!isOpen) {
        protect(array, PROT_NONE);
    }
    arrays.push_back(array);
    return array.start;
}

void* SharedMemory::variable(const void* key, size_t bytes, size_t alignment) {
    for (const SharedArray& array : arrays) {
        if (array.key == key) {
            return array.start;
        }
    }
    staticBytes += bytes;
    if (staticBytes > Profile::SHARED_PER_BLOCK || staticBytes + dynamicBytes > settings().profile->sharedPerBlockOptin) {
        defect("%zu bytes of shared arrays and %zu dynamic ones are more than a block of %s can have", staticBytes,
               dynamicBytes, settings().profile->name);
    }
    return add(key, bytes, alignment);
}

void* SharedMemory::translate(const void* address, SharedMemory& other) const {
    for (const SharedArray& array : arrays) {
        if (isInside(array, address)) {
            void* const start = array.key == nullptr ? other.dynamic() : other.variable(array.key, array.bytes, array.alignment);
            return static_cast<unsigned char*>(start) + (static_cast<const unsigned char*>(address) - array.start);
        }
    }
    defect("%p is not in the shared memory of the block", address);
}

void SharedMemory::open() {
    if (!isOpen) {
        for (const SharedArray& array : arrays) {
            protect(array, PROT_READ | PROT_WRITE);
        }
        isOpen = true;
    }
}

void SharedMemory::close() {
    if (closable && isOpen) {
        for (const SharedArray& array : arrays) {
            protect(array, PROT_NONE);
        }
        isOpen = false;
    }
}

bool SharedMemory::contains(const void* address) const {
    return std::any_of(arrays.begin(), arrays.end(), [&](const SharedArray& array) { return isInside(array, address); });
}

}  // namespace emulation
