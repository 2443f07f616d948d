// CUDA C++ as g++ must see it: qualifiers, vector types, the thread's coordinates, barriers, warp operations, atomics.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "site.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(bytes) alignas(bytes)
#define __launch_bounds__(...)

struct alignas(8) float2 {
    float x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};

inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

// Set before a thread goes on. Only one thread of the device runs at any time, so plain variables do.
extern uint3 threadIdx;
extern uint3 blockIdx;
extern dim3 blockDim;
extern dim3 gridDim;
constexpr int warpSize = 32;

namespace emulation {

// The block's copy of a __shared__ variable, made at the first request of the block and filled with NaN.
void* sharedVariable(const void* key, size_t bytes, size_t alignment);

// The bytes that the launch asked for, filled with NaN at the block's start.
void* dynamicShared();

// Waits until all threads of the block that have not ended are here. A barrier has a number, 0 to 15.
void blockBarrier(int number, int threads, Site site);

// A warp operation: waits until every live lane of the mask is here with the same operation; the last to arrive computes
// for all, given each lane's argument by lane number (null for lanes that take no part).
using WarpFunction = void (*)(void* const lanes[32], unsigned mask);
void warpOperation(unsigned mask, const char* name, Site site, void* argument, WarpFunction compute);

// Lets other threads of the device run; for loops that wait for them.
void yield();

// Ends the process with a message, as a defect of the kernel that hardware would answer with undefined behaviour.
[[noreturn, gnu::format(printf, 1, 2)]] void defect(const char* pattern, ...);

unsigned laneOfThisThread();

template <typename T>
struct Exchange {
    T in;
    T out;
    unsigned source;
};

// Values from lanes outside the mask are undefined on hardware; here they are all one bits, a NaN.
template <typename T>
T shuffle(unsigned mask, const char* name, Site site, T value, unsigned source) {
    Exchange<T> mine{value, value, source};
    warpOperation(mask, name, site, &mine, [](void* const lanes[32], unsigned) {
        for (int lane = 0; lane < 32; ++lane) {
            if (auto* target = static_cast<Exchange<T>*>(lanes[lane])) {
                if (const auto* from = static_cast<const Exchange<T>*>(lanes[target->source])) {
                    target->out = from->in;
                } else {
                    __builtin_memset(&target->out, 0xff, sizeof(T));
                }
            }
        }
    });
    return mine.out;
}

struct Vote {
    bool in;
    unsigned out;
};

unsigned ballot(unsigned mask, const char* name, Site site, bool value);

}  // namespace emulation

inline void __syncthreads(emulation::Site site = emulation::Site::here()) {
    emulation::blockBarrier(0, 0, site);
}

inline void __syncwarp(unsigned mask = 0xffffffffu, emulation::Site site = emulation::Site::here()) {
    emulation::warpOperation(mask, "__syncwarp", site, &mask, nullptr);
}

template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, emulation::Site site = emulation::Site::here()) {
    const unsigned lane = emulation::laneOfThisThread();
    const unsigned size = static_cast<unsigned>(width);
    const unsigned from = (lane & ~(size - 1)) | (static_cast<unsigned>(source) & (size - 1));
    return emulation::shuffle(mask, "__shfl_sync", site, value, from);
}

template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int laneMask, int width = 32, emulation::Site site = emulation::Site::here()) {
    const unsigned lane = emulation::laneOfThisThread();
    const unsigned size = static_cast<unsigned>(width);
    const unsigned from = lane ^ static_cast<unsigned>(laneMask);
    const bool inside = from < 32 && (from & ~(size - 1)) <= (lane & ~(size - 1));
    return emulation::shuffle(mask, "__shfl_xor_sync", site, value, inside ? from : lane);
}

template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, emulation::Site site = emulation::Site::here()) {
    const unsigned lane = emulation::laneOfThisThread();
    const unsigned size = static_cast<unsigned>(width);
    const bool inside = (lane & (size - 1)) + delta < size;
    return emulation::shuffle(mask, "__shfl_down_sync", site, value, inside ? lane + delta : lane);
}

template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, emulation::Site site = emulation::Site::here()) {
    const unsigned lane = emulation::laneOfThisThread();
    const unsigned size = static_cast<unsigned>(width);
    const bool inside = (lane & (size - 1)) >= delta;
    return emulation::shuffle(mask, "__shfl_up_sync", site, value, inside ? lane - delta : lane);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, emulation::Site site = emulation::Site::here()) {
    return emulation::ballot(mask, "__ballot_sync", site, predicate != 0);
}
inline int __any_sync(unsigned mask, int predicate, emulation::Site site = emulation::Site::here()) {
    return emulation::ballot(mask, "__any_sync", site, predicate != 0) != 0;
}
inline int __all_sync(unsigned mask, int predicate, emulation::Site site = emulation::Site::here()) {
    return emulation::ballot(mask, "__all_sync", site, predicate == 0) == 0;
}

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __nanosleep(unsigned) { emulation::yield(); }
[[noreturn]] inline void __trap(emulation::Site site = emulation::Site::here()) {
    emulation::defect("__trap at %s:%d", site.file, site.line);
}

template <typename T>
T __ldg(const T* address) {
    return *address;
}

inline int atomicAdd(int* address, int value) { return __atomic_fetch_add(address, value, __ATOMIC_RELAXED); }
inline unsigned atomicAdd(unsigned* address, unsigned value) { return __atomic_fetch_add(address, value, __ATOMIC_RELAXED); }
inline unsigned long long atomicAdd(unsigned long long* address, unsigned long long value) {
    return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}
inline unsigned atomicOr(unsigned* address, unsigned value) { return __atomic_fetch_or(address, value, __ATOMIC_RELAXED); }
inline int atomicExch(int* address, int value) { return __atomic_exchange_n(address, value, __ATOMIC_RELAXED); }
inline unsigned atomicExch(unsigned* address, unsigned value) { return __atomic_exchange_n(address, value, __ATOMIC_RELAXED); }
inline unsigned atomicCAS(unsigned* address, unsigned expected, unsigned value) {
    __atomic_compare_exchange_n(address, &expected, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return expected;
}

inline unsigned __float_as_uint(float value) {
    unsigned bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
inline float __uint_as_float(unsigned bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
inline unsigned __umulhi(unsigned a, unsigned b) {
    return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32);
}
inline int __popc(unsigned bits) { return __builtin_popcount(bits); }

inline float cospif(float x) { return static_cast<float>(std::cos(3.14159265358979323846 * static_cast<double>(x))); }
inline float sinpif(float x) { return static_cast<float>(std::sin(3.14159265358979323846 * static_cast<double>(x))); }

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
