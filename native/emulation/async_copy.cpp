#include "async_copy.h"

#include <cstdint>
#include <cstring>

#include "emulation/language.h"
#include "settings.h"
#include "traffic.h"

namespace emulation {
namespace {

void move(void* shared, const void* global, size_t bytes, size_t valid) {
    traffic::read(global, valid);
    std::memcpy(shared, global, valid);  // the sanitizers watch memcpy, and see this as the waiting thread's doing
    std::memset(static_cast<unsigned char*>(shared) + valid, 0, bytes - valid);
}

}  // namespace

void CopyQueue::add(void* shared, const void* global, size_t bytes, size_t valid) {
    if (bytes != 4 && bytes != 8 && bytes != 16) {
        defect("cp.async of %zu bytes; 4, 8 or 16 are possible", bytes);
    }
    if (reinterpret_cast<uintptr_t>(shared) % bytes != 0 || reinterpret_cast<uintptr_t>(global) % bytes != 0) {
        defect("cp.async of %zu bytes from %p to %p: misaligned", bytes, global, shared);
    }
    if (valid > bytes) {
        defect("cp.async of %zu valid bytes out of %zu", valid, bytes);
    }
    if (settings().copies == Copies::Eager) {
        move(shared, global, bytes, valid);
    } else {
        copies.push_back({shared, global, bytes, valid, committed});
    }
}

void CopyQueue::commit() {
    ++committed;
}

void CopyQueue::wait(size_t outstanding) {
    size_t kept = 0;
    for (const Copy& copy : copies) {
        if (copy.group + outstanding < committed) {
            move(copy.shared, copy.global, copy.bytes, copy.valid);
        } else {
            copies[kept++] = copy;
        }
    }
    copies.resize(kept);
}

void CopyQueue::drain() {
    for (const Copy& copy : copies) {
        move(copy.shared, copy.global, copy.bytes, copy.valid);
    }
    copies.clear();
    committed = 0;
}

}  // namespace emulation
