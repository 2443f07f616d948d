// What the kernels need beyond plain CUDA C++, spelled once for nvcc and once for the emulated build.
//
// This is the only file that may hold inline PTX or tell compilers and architectures apart. Launches need nothing here:
// host code uses cudaLaunchKernelEx, which both builds have. What a device lacks traps there; host code chooses kernels by
// the device's compute capability.
#pragma once

#include <cuda_runtime.h>
#if defined(__CUDACC__)
#include <cooperative_groups.h>
#else
#include "emulation/tensor_core.h"
#endif

// Shared memory. A function-local `static` can't stand in for __shared__ where several blocks are alive at once (clusters,
// cooperative launches), so the emulated build takes each array from its block's own memory, with guarded ends.
//
//   SHARED_ARRAY(float, tile, [16][17]);   a fixed-size array of this block
//   DYNAMIC_SHARED(float, buffer);         the bytes that the launch asked for, aligned to 1024
//
// ROLLED for (...)   a loop that is not to be unrolled, for the registers that its copies would take
// CALLED             of a function that is not to be inlined, for the registers that it would take beside its caller's
// GRID_CONSTANT      of a const parameter of a kernel: its arrays are indexed where they are
#if defined(__CUDACC__)
#define SHARED_ARRAY(type, name, dimensions) __shared__ type name dimensions
#define DYNAMIC_SHARED(type, name)                                           \
    extern __shared__ __align__(1024) unsigned char dynamicSharedMemory[]; \
    type* const name = reinterpret_cast<type*>(dynamicSharedMemory)
#define ROLLED _Pragma("unroll 1")
#define CALLED __noinline__
#define GRID_CONSTANT __grid_constant__
#else
#define ROLLED
#define CALLED
#define GRID_CONSTANT
#define SHARED_ARRAY(type, name, dimensions)                                \
    using name##Type = type dimensions;                                     \
    static const char name##Site = 0;                                       \
    name##Type& name = *static_cast<name##Type*>(                           \
        emulation::sharedVariable(&name##Site, sizeof(name##Type), alignof(name##Type)))
#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(emulation::dynamicShared())
#endif

namespace slicedscore {

// Asynchronous copies from global to shared memory, sm_80 and newer; below, they are done at once.

// 16 bytes, of which the first `valid` are read and the others zero. Both addresses are multiples of 16.
__device__ inline void copyAsync16(void* shared, const void* global, int valid = 16) {
#if !defined(__CUDACC__)
    emulation::copyAsync(shared, global, 16, static_cast<size_t>(valid));
#elif !defined(__CUDA_ARCH__)
    static_cast<void>(shared), static_cast<void>(global), static_cast<void>(valid);
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(static_cast<unsigned>(__cvta_generic_to_shared(shared))),
                 "l"(global), "r"(valid)
                 : "memory");
#else
    const auto* source = static_cast<const unsigned*>(global);
    auto* target = static_cast<unsigned*>(shared);
    for (int i = 0; i < 4; ++i) {
        target[i] = 4 * i < valid ? source[i] : 0u;
    }
#endif
}

// 4 bytes, or zeros if `valid` is 0. Both addresses are multiples of 4.
__device__ inline void copyAsync4(void* shared, const void* global, int valid = 4) {
#if !defined(__CUDACC__)
    emulation::copyAsync(shared, global, 4, static_cast<size_t>(valid));
#elif !defined(__CUDA_ARCH__)
    static_cast<void>(shared), static_cast<void>(global), static_cast<void>(valid);
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(static_cast<unsigned>(__cvta_generic_to_shared(shared))),
                 "l"(global), "r"(valid)
                 : "memory");
#else
    *static_cast<unsigned*>(shared) = valid > 0 ? *static_cast<const unsigned*>(global) : 0u;
#endif
}

__device__ inline void commitCopies() {
#if !defined(__CUDACC__)
    emulation::commitCopies();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Until at most OUTSTANDING of this thread's latest groups are under way. Other threads' copies need a barrier besides.
template <int OUTSTANDING>
__device__ inline void waitForCopies() {
#if !defined(__CUDACC__)
    emulation::waitForCopies(OUTSTANDING);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(OUTSTANDING) : "memory");
#endif
}

// Tensor cores. With g = lane / 4 and t = lane % 4, an accumulator tile of 16 x 8 lies as
//   c[0] (g, 2t)   c[1] (g, 2t+1)   c[2] (g+8, 2t)   c[3] (g+8, 2t+1)

// Rounds to TF32, halves away from zero.
__device__ inline unsigned roundToTf32(float value) {
#if !defined(__CUDACC__)
    return value == value ? (__float_as_uint(value) + 0x1000u) & ~0x1fffu : 0x7fffffffu;
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
    return bits;
#else
    return __float_as_uint(value);
#endif
}

// The same of a number of which the rest is taken, too: what is not a number may come out as zero, and is in the rest.
__device__ inline unsigned roundSplitToTf32(float value) {
    return (__float_as_uint(value) + 0x1000u) & ~0x1fffu;
}

// The same number, of which the compiler knows nothing: what depends on it can't be computed ahead, outside of a loop, and take
// up registers there.
__device__ inline int opaque(int value) {
#if defined(__CUDA_ARCH__)
    asm volatile("" : "+r"(value));
#endif
    return value;
}

// 1 / x for an x between 1 and 2, to the last bit or the one before, in an instruction.
__device__ inline float reciprocal(float x) {
#if defined(__CUDA_ARCH__)
    float result;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
#else
    return 1.0f / x;
#endif
}

// Two numbers rounded to bfloat16, halves to even, the first in the lower half.
__device__ inline unsigned packBf16(float low, float high) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    unsigned pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
#else
    const auto rounded = [](float value) {
        const unsigned bits = __float_as_uint(value);
        return value != value ? 0x7fffu : (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    };
    return rounded(high) << 16 | rounded(low);
#endif
}

// Whether kernels that need tensor cores are compiled with a body: on sm_80 and newer, and in the emulated build.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
constexpr bool HAS_TENSOR_CORES = false;
#else
constexpr bool HAS_TENSOR_CORES = true;
#endif

__device__ inline void trap() {
#if defined(__CUDACC__)
    __trap();
#else
    __builtin_trap();
#endif
}

// c += a b for tiles 16 x 8 and 8 x 8 in TF32, sm_80 and newer:
//   a[0] (g, t)   a[1] (g+8, t)   a[2] (g, t+4)   a[3] (g+8, t+4)     b[0] (t, g)   b[1] (t+4, g)
__device__ inline void mmaTf32(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if !defined(__CUDACC__)
    emulation::mmaTf32(c, a, b);
#elif !defined(__CUDA_ARCH__)
    static_cast<void>(c), static_cast<void>(a), static_cast<void>(b);
#elif __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    static_cast<void>(c), static_cast<void>(a), static_cast<void>(b);
    __trap();
#endif
}

// c += a b for tiles 16 x 16 and 16 x 8 in bfloat16, two to a register, the lower index in the lower half; sm_80 and newer:
//   a[0] (g, 2t..)   a[1] (g+8, 2t..)   a[2] (g, 2t+8..)   a[3] (g+8, 2t+8..)     b[0] (2t.., g)   b[1] (2t+8.., g)
__device__ inline void mmaBf16(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if !defined(__CUDACC__)
    emulation::mmaBf16(c, a, b);
#elif !defined(__CUDA_ARCH__)
    static_cast<void>(c), static_cast<void>(a), static_cast<void>(b);
#elif __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    static_cast<void>(c), static_cast<void>(a), static_cast<void>(b);
    __trap();
#endif
}

// Loads four matrices of 8 x 8 16-bit elements: lane 8 i + r gives the address of row r of matrix i, a multiple of 16, and
// each lane receives in result[i] the elements 2t and 2t+1 of row g; transposed, the rows 2t and 2t+1 of column g.
template <bool TRANSPOSED>
__device__ inline void loadMatrices(unsigned (&result)[4], const void* sharedRow) {
#if !defined(__CUDACC__)
    emulation::loadMatrices(result, sharedRow, TRANSPOSED);
#else
    const auto address = static_cast<unsigned>(__cvta_generic_to_shared(sharedRow));
    if constexpr (TRANSPOSED) {
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(result[0]), "=r"(result[1]), "=r"(result[2]), "=r"(result[3])
                     : "r"(address)
                     : "memory");
    } else {
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(result[0]), "=r"(result[1]), "=r"(result[2]), "=r"(result[3])
                     : "r"(address)
                     : "memory");
    }
#endif
}

// Clusters of blocks, sm_90 and newer, along x.

__device__ inline unsigned clusterRank() {
#if !defined(__CUDACC__)
    return emulation::clusterRank();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    unsigned rank;
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
#else
    return 0;
#endif
}

// Until all threads of the cluster are here; shared memory that they wrote can be read then.
__device__ inline void clusterBarrier() {
#if !defined(__CUDACC__)
    emulation::cohortBarrier("clusterBarrier", emulation::Site::here());
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("barrier.cluster.arrive.release.aligned;\n\tbarrier.cluster.wait.acquire.aligned;" ::: "memory");
#else
    __trap();
#endif
}

// The address in the block of that rank that corresponds to one of this block's shared memory.
template <typename T>
__device__ inline T* clusterShared(T* address, unsigned rank) {
#if !defined(__CUDACC__)
    return static_cast<T*>(emulation::clusterShared(address, rank));
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    T* result;
    asm("mapa.u64 %0, %1, %2;" : "=l"(result) : "l"(address), "r"(rank));
    return result;
#else
    static_cast<void>(rank);
    __trap();
    return address;
#endif
}

// Until all threads of a cooperative launch are here; what they wrote can be read then.
__device__ inline void gridBarrier() {
#if defined(__CUDACC__)
    cooperative_groups::this_grid().sync();
#else
    emulation::cohortBarrier("gridBarrier", emulation::Site::here());
#endif
}

}  // namespace slicedscore
