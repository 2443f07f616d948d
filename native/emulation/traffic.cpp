#include "traffic.h"

#include <cstdint>
#include <map>
#include <vector>

#include "counters.h"
#include "memory.h"

namespace emulation::traffic {
namespace {

constexpr size_t SECTOR = 32;  // the least that caches of all supported architectures move

// Sectors of an allocation that the launch has touched, a bit for each.
class Touched {
public:
    explicit Touched(size_t sectors) : bits((sectors + 63) / 64) {}

    // How many of the sectors from the first to the last are new.
    int64_t add(size_t first, size_t last) {
        int64_t added = 0;
        for (size_t sector = first; sector <= last; ++sector) {
            uint64_t& word = bits[sector / 64];
            const uint64_t bit = uint64_t{1} << sector % 64;
            if ((word & bit) == 0) {
                if (word == 0) {
                    used.push_back(sector / 64);
                }
                word |= bit;
                ++added;
            }
        }
        return added;
    }

    void clear() {
        for (const size_t word : used) {
            bits[word] = 0;
        }
        used.clear();
    }

private:
    std::vector<uint64_t> bits;
    std::vector<size_t> used;  // words that are not zero
};

struct Region {
    explicit Region(const Allocation& allocation)
        : start(allocation.start),
          bytes(allocation.bytes),
          read((bytes + SECTOR - 1) / SECTOR),
          written((bytes + SECTOR - 1) / SECTOR) {}

    const unsigned char* start;
    size_t bytes;
    Touched read;
    Touched written;
};

// Allocations that kernels have touched, kept from launch to launch while they live.
std::map<const unsigned char*, Region>& regions() {
    static auto* all = new std::map<const unsigned char*, Region>();
    return *all;
}

Region* latest = nullptr;  // most accesses are to the same allocation as the one before

// Other host threads are instrumented, too, and touch no device memory.
__attribute__((tls_model("initial-exec"))) thread_local bool counting = false;

Region* regionOf(const unsigned char* byte) {
    if (latest != nullptr && byte >= latest->start && byte < latest->start + latest->bytes) {
        return latest;
    }
    const Allocation* allocation = deviceAllocation(byte);
    if (allocation == nullptr) {
        return nullptr;
    }
    latest = &regions().try_emplace(allocation->start, *allocation).first->second;
    return latest;
}

void count(const volatile void* start, size_t bytes, int64_t& requested, Touched Region::*touched, int64_t& moved) {
    const auto* byte = const_cast<const unsigned char*>(static_cast<const volatile unsigned char*>(start));
    if (bytes == 0) {
        return;
    }
    Region* const region = regionOf(byte);
    if (region == nullptr) {
        return;
    }
    const auto offset = static_cast<size_t>(byte - region->start);
    const size_t inside = bytes < region->bytes - offset ? bytes : region->bytes - offset;
    requested += static_cast<int64_t>(inside);
    moved += static_cast<int64_t>(SECTOR) * (region->*touched).add(offset / SECTOR, (offset + inside - 1) / SECTOR);
}

}  // namespace

Launch::Launch() {
    latest = nullptr;
    for (auto entry = regions().begin(); entry != regions().end();) {
        const Region& region = entry->second;
        const Allocation* allocation = deviceAllocation(region.start);
        const bool lives = allocation != nullptr && allocation->start == region.start && allocation->bytes == region.bytes;
        entry = lives ? std::next(entry) : regions().erase(entry);
    }
    counting = true;
}

Launch::~Launch() {
    counting = false;
    for (auto& entry : regions()) {
        entry.second.read.clear();
        entry.second.written.clear();
    }
}

void read(const volatile void* start, size_t bytes) {
    if (counting) {
        count(start, bytes, counters().requestedRead, &Region::read, counters().trafficRead);
    }
}

void write(const volatile void* start, size_t bytes) {
    if (counting) {
        count(start, bytes, counters().requestedWritten, &Region::written, counters().trafficWritten);
    }
}

}  // namespace emulation::traffic
