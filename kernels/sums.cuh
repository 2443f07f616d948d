// Sums over a warp and a block in double precision, in an order that depends on nothing but the number of threads.
#pragma once

#include "portable.cuh"
#include "warp.cuh"

namespace slicedscore {

// Every lane gets the sum.
__device__ inline double warpSum(double value) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

// Thread 0 gets the sum of a block of so many threads, a multiple of 32; what the others get is of no use.
template <int THREADS>
__device__ inline double blockSum(double value) {
    constexpr int WARPS = THREADS / LANES;
    SHARED_ARRAY(double, partial, [WARPS]);
    const double sum = warpSum(value);
    __syncthreads();  // a sum before this one may still be being read
    if (lane() == 0) {
        partial[threadIdx.x / LANES] = sum;
    }
    __syncthreads();
    double total = 0.0;
    if (threadIdx.x == 0) {
        for (int warp = 0; warp < WARPS; ++warp) {
            total += partial[warp];
        }
    }
    return total;
}

}  // namespace slicedscore
