// Calls of the C interface and what they answer.
#pragma once

#include <cstring>

#include "check.h"
#include "slicedscore.h"

inline void succeeds(int32_t status) {
    if (status != SS_OK) {
        std::fprintf(stderr, "status %d: %s\n", status, ss_last_error());
        std::exit(1);
    }
}

// With that status and a message that has this part.
inline void fails(int32_t expected, int32_t status, const char* part) {
    if (status != expected || std::strstr(ss_last_error(), part) == nullptr) {
        std::fprintf(stderr, "status %d, expected %d with '%s': %s\n", status, expected, part, ss_last_error());
        std::exit(1);
    }
}

inline void refuses(int32_t status, const char* part) {
    fails(SS_INVALID_ARGUMENT, status, part);
}

// Ends the test as skipped where the library finds no device.
inline void requireLibraryDevice() {
    int32_t devices = 0;
    if (ss_device_count(&devices) != SS_OK) {
        std::printf("skipped: %s\n", ss_last_error());
        std::exit(77);
    }
}

// Whether device 0 computes in a precision.
inline bool hasPrecision(int32_t precision) {
    char name[16];
    return ss_device_arithmetic(0, precision, name, sizeof name) == SS_OK;
}

inline void checkNothingLives() {
    int64_t handles = -1;
    int64_t bytes = -1;
    succeeds(ss_live_handles(&handles));
    succeeds(ss_live_bytes(&bytes));
    CHECK(handles == 0 && bytes == 0);
}
