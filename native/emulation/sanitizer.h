// What the sanitizers must be told. The emulation itself is compiled without them; the kernels and the host code with.
#pragma once

#include <cstddef>

#if defined(SS_EMULATION_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#if defined(SS_EMULATION_TSAN)
#include <sanitizer/tsan_interface.h>
extern "C" {
void __tsan_read_range(void* start, unsigned long bytes);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateIgnoreSyncBegin(const char* file, int line);
void AnnotateIgnoreSyncEnd(const char* file, int line);
}
#endif

namespace emulation::sanitizer {

// AddressSanitizer: bytes that nobody may touch.
inline void poison([[maybe_unused]] const void* start, [[maybe_unused]] size_t bytes) {
#if defined(SS_EMULATION_ASAN)
    __asan_poison_memory_region(start, bytes);
#endif
}

inline void unpoison([[maybe_unused]] const void* start, [[maybe_unused]] size_t bytes) {
#if defined(SS_EMULATION_ASAN)
    __asan_unpoison_memory_region(start, bytes);
#endif
}

// Reads these bytes in the sanitizers' eyes; for accesses of the emulation that stand for a thread's own.
inline void reads([[maybe_unused]] const void* start, [[maybe_unused]] size_t bytes) {
#if defined(SS_EMULATION_ASAN)
    if (__asan_region_is_poisoned(const_cast<void*>(start), bytes) != nullptr) {
        __asan_report_error(__builtin_return_address(0), __builtin_frame_address(0), nullptr, const_cast<void*>(start), 0, bytes);
    }
#endif
#if defined(SS_EMULATION_TSAN)
    __tsan_read_range(const_cast<void*>(start), bytes);
#endif
}

// ThreadSanitizer: "what was done before release happened before what is done after acquire". Nothing else orders the
// emulated threads, so a missing barrier is a race even where this run's order hides it.
inline void release([[maybe_unused]] const void* tag) {
#if defined(SS_EMULATION_TSAN)
    __tsan_release(const_cast<void*>(tag));
#endif
}

inline void acquire([[maybe_unused]] const void* tag) {
#if defined(SS_EMULATION_TSAN)
    __tsan_acquire(const_cast<void*>(tag));
#endif
}

// The emulation's own reads and writes are no business of ThreadSanitizer's: they stand for what hardware does.
class Unseen {
public:
#if defined(SS_EMULATION_TSAN)
    Unseen() {
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    ~Unseen() {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
#else
    Unseen() {}
#endif
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
};

// As above, and the locks inside order nothing either: that CUDA locks inside is nothing that callers may build on.
class UnseenLocks {
public:
#if defined(SS_EMULATION_TSAN)
    UnseenLocks() { AnnotateIgnoreSyncBegin(__FILE__, __LINE__); }
    ~UnseenLocks() { AnnotateIgnoreSyncEnd(__FILE__, __LINE__); }
#else
    UnseenLocks() {}
#endif
    UnseenLocks(const UnseenLocks&) = delete;
    UnseenLocks& operator=(const UnseenLocks&) = delete;
};

}  // namespace emulation::sanitizer
