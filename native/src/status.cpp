#include "status.h"

#include <cstdarg>
#include <cstdio>
#include <new>

#include "slicedscore.h"

namespace slicedscore {
namespace {

// A fixed buffer, since the message may be about memory running out.
thread_local char message[1024] = "";

// Errors after which CUDA refuses all further work of the process, as driver_types.h says of each. By number, since older
// toolkits do not have all the names.
bool sticks(cudaError_t error) {
    switch (static_cast<int>(error)) {
        case 214:  // uncorrectable ECC error
        case 220:  // uncorrectable NVLink error
        case 226:  // contained error
        case 700:  // illegal address
        case 702:  // launch timeout
        case 709:  // context is destroyed
        case 710:  // assert
        case 714:  // hardware stack error
        case 715:  // illegal instruction
        case 716:  // misaligned address
        case 717:  // invalid address space
        case 718:  // invalid pc
        case 719:  // launch failure
        case 721:  // tensor memory leak
        case 810:  // MPS client terminated
        case 911:  // external device
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string format(const char* pattern, ...) {
    va_list arguments;
    va_start(arguments, pattern);
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, pattern, arguments);
    va_end(arguments);
    std::string text(length < 0 ? 0 : static_cast<size_t>(length), '\0');
    std::vsnprintf(text.data(), text.size() + 1, pattern, again);
    va_end(again);
    return text;
}

int32_t statusOf(cudaError_t error) {
    switch (error) {
        case cudaSuccess:
            return SS_OK;
        case cudaErrorMemoryAllocation:
            return SS_OUT_OF_MEMORY;
        case cudaErrorNoDevice:
        case cudaErrorInvalidDevice:
        case cudaErrorDevicesUnavailable:
            return SS_NO_DEVICE;
        case cudaErrorInsufficientDriver:
            return SS_DRIVER_TOO_OLD;
        case cudaErrorNoKernelImageForDevice:
        case cudaErrorInvalidDeviceFunction:
        case cudaErrorUnsupportedPtxVersion:
            return SS_NO_KERNEL;
        default:
            return sticks(error) ? SS_CUDA_FATAL : SS_CUDA_ERROR;
    }
}

void check(cudaError_t result, Place place, const std::string& call) {
    if (result == cudaSuccess) {
        return;
    }
    static_cast<void>(cudaGetLastError());  // it is reported here; the next call shall not report it again
    throw Error(statusOf(result), format("%s:%d: %s: %s (%s, %d)", place.file, place.line, call.c_str(),
                                         cudaGetErrorString(result), cudaGetErrorName(result), static_cast<int>(result)));
}

void require(bool condition, Place place, const std::string& text) {
    if (!condition) {
        throw Error(SS_INVALID_ARGUMENT, format("%s:%d: %s", place.file, place.line, text.c_str()));
    }
}

int32_t fail(int32_t status, const char* text) noexcept {
    std::snprintf(message, sizeof message, "%s", text);
    return status;
}

const char* lastError() noexcept {
    return message;
}

}  // namespace slicedscore
