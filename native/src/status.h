// Errors inside the library are exceptions; at the C interface they become a status and a message of the calling thread.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "slicedscore.h"

namespace slicedscore {

class Error : public std::exception {
public:
    Error(int32_t status, std::string message) : code(status), text(std::move(message)) {}

    int32_t status() const noexcept { return code; }
    const char* what() const noexcept override { return text.c_str(); }

private:
    int32_t code;
    std::string text;
};

// Where in our source something failed. Built by SS_HERE only.
struct Place {
    const char* file;
    int line;
};

#define SS_HERE (::slicedscore::Place{__FILE__, __LINE__})

// printf into a string.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

// Throws unless the CUDA call went well. The text names the call with its sizes.
void check(cudaError_t result, Place place, const std::string& call);

// The same for a text that needs no memory where all went well: what the call made is not lost for want of it.
inline void check(cudaError_t result, Place place, const char* call) {
    if (result != cudaSuccess) {
        check(result, place, std::string(call));
    }
}

// Throws SS_INVALID_ARGUMENT unless the condition holds.
void require(bool condition, Place place, const std::string& message);

// The status that a CUDA error becomes.
int32_t statusOf(cudaError_t error);

// Keeps the message for ss_last_error; never throws.
int32_t fail(int32_t status, const char* message) noexcept;

const char* lastError() noexcept;

// Runs the body of a C function: what it throws becomes the status.
template <typename Body>
int32_t guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const Error& error) {
        return fail(error.status(), error.what());
    } catch (const std::bad_alloc&) {
        return fail(SS_OUT_OF_MEMORY, "out of host memory");
    } catch (const std::exception& error) {
        return fail(SS_INTERNAL, error.what());
    } catch (...) {
        return fail(SS_INTERNAL, "an exception of unknown type");
    }
}

}  // namespace slicedscore
