#include "call.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "capture.h"
#include "counters.h"
#include "emulation/control.h"
#include "settings.h"

namespace emulation {
namespace {

int lockState = 0;  // 0 free, 1 held, 2 held with waiters (U. Drepper, Futexes are tricky)

cudaError_t sticky = cudaSuccess;
const char* failedCall = "";
thread_local cudaError_t lastError = cudaSuccess;
thread_local int depth = 0;

// A fault while kernels ran ends the context; other codes of the 700s report a call that did nothing.
bool sticks(cudaError_t error) {
    constexpr int FAULTS[] = {214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911};
    return std::find(std::begin(FAULTS), std::end(FAULTS), static_cast<int>(error)) != std::end(FAULTS);
}

}  // namespace

DeviceLock::DeviceLock() {
    int expected = 0;
    if (__atomic_compare_exchange_n(&lockState, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return;
    }
    while (__atomic_exchange_n(&lockState, 2, __ATOMIC_ACQUIRE) != 0) {
        syscall(SYS_futex, &lockState, FUTEX_WAIT_PRIVATE, 2, nullptr, nullptr, 0);
    }
}

DeviceLock::~DeviceLock() {
    if (__atomic_exchange_n(&lockState, 0, __ATOMIC_RELEASE) == 2) {
        syscall(SYS_futex, &lockState, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
}

Inside::Inside() {
    ++depth;
}

Inside::~Inside() {
    --depth;
}

cudaError_t beginCall(const char* name, Kind kind) {
    if (kind == Kind::Query) {
        return cudaSuccess;
    }
    ++counters().calls;
    Settings& now = settings();
    if (now.countError != 0) {
        return static_cast<cudaError_t>(now.countError);
    }
    if (now.devices == 0) {
        return cudaErrorNoDevice;
    }
    if (now.fail > 0 && --now.fail == 0) {
        const auto error = static_cast<cudaError_t>(now.failCode);
        failedCall = name;
        if (sticks(error)) {
            makeSticky(error);
        }
        return error;
    }
    if (sticky != cudaSuccess) {
        return sticky;
    }
    if (kind == Kind::Allocation && now.failAllocations > 0) {
        if (now.failAllocations == 1) {
            failedCall = name;
            return cudaErrorMemoryAllocation;
        }
        --now.failAllocations;
    }
    if ((kind == Kind::UnsafeInCapture || kind == Kind::Allocation) && captureForbidsUnsafeCalls()) {
        invalidateCaptures();
        return cudaErrorStreamCaptureUnsupported;
    }
    return cudaSuccess;
}

cudaError_t endCall(cudaError_t result) {
    if (result != cudaSuccess && result != cudaErrorNotReady) {
        lastError = result;
    }
    return result;
}

void makeSticky(cudaError_t error) {
    sticky = error;
}

}  // namespace emulation

cudaError_t cudaGetLastError() {
    const cudaError_t error = emulation::lastError;
    emulation::lastError = emulation::sticky;
    return error;
}

cudaError_t cudaPeekAtLastError() {
    return emulation::lastError;
}

const char* ss_emulation_failed_call(void) {
    const emulation::DeviceLock lock;
    return emulation::failedCall;
}

int32_t ss_emulation_is_inside(void) {
    return emulation::depth > 0 ? 1 : 0;
}

void ss_emulation_reset(void) {
    const emulation::DeviceLock lock;
    emulation::sticky = cudaSuccess;
    emulation::lastError = cudaSuccess;
    emulation::settings().fail = 0;
    emulation::settings().failAllocations = 0;
    emulation::failedCall = "";
}
