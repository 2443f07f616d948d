// What the kernels need beyond plain CUDA C++, spelled once for nvcc and once for the emulated build.
//
// This is the only file that may hold inline PTX or tell the two compilers apart. Launches need nothing here: host code
// uses cudaLaunchKernelEx, which both builds have.
#pragma once

#include <cuda_runtime.h>

// Shared memory. A function-local `static` can't stand in for __shared__ where several blocks are alive at once (clusters,
// cooperative launches), so the emulated build takes each array from its block's own memory, with guarded ends.
//
//   SHARED_ARRAY(float, tile, [16][17]);   a fixed-size array of this block
//   DYNAMIC_SHARED(float, buffer);         the bytes that the launch asked for, aligned to 16
#if defined(__CUDACC__)
#define SHARED_ARRAY(type, name, dimensions) __shared__ type name dimensions
#define DYNAMIC_SHARED(type, name)                                         \
    extern __shared__ __align__(16) unsigned char dynamicSharedMemory[]; \
    type* const name = reinterpret_cast<type*>(dynamicSharedMemory)
#else
#define SHARED_ARRAY(type, name, dimensions)                                \
    using name##Type = type dimensions;                                     \
    static const char name##Site = 0;                                       \
    name##Type& name = *static_cast<name##Type*>(                           \
        emulation::sharedVariable(&name##Site, sizeof(name##Type), alignof(name##Type)))
#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(emulation::dynamicShared())
#endif
