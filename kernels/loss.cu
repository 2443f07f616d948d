// Losses of samples and the seeds of the reverse pass, one warp a sample. With a slice's weight c, 1/M or 1 for e_1 .. e_D:
//
// score   SSM                L = c sum_m (v_m.J v_m + (v_m.s)^2 / 2)      dL/dt_m = c v_m     dL/ds = c sum_m (v_m.s) v_m
//         SSM-VR, exact      L = c sum_m v_m.J v_m + |s|^2 / 2            dL/dt_m = c v_m     dL/ds = s
//         DSM                L = |s + e/sigma|^2 / 2                                         dL/ds = s + e/sigma
//
// energy, f2 = sum_m v_m.H v_m, p_m = f1_m - v_m.x / s0^2
//         SSM, exact         L = c (f2 - sum_m |v_m|^2 / s0^2 + sum_m p_m^2 / 2)   dL/df1_m = c p_m    dL/df2 = c
//         SSM-VR             L = c (f2 - sum_m |v_m|^2 / s0^2) + |u|^2 / 2         dL/df1_u = 1        dL/df2 = c
//         DSM                L = |u|^2 / 2                                         dL/df1_u = 1
//
// where u = s for SSM-VR and s + e/sigma for DSM: the gradient of |u|^2 / 2 in the parameters is that of the first-order
// stream along u held fixed.
//
// Java twins: io.github.slicedscore.internal.cpu.ScoreSliced, EnergySliced and EnergyVarianceReduced. Sums are in double
// precision, as there.

#include "loss.h"

#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int WARP = 32;
constexpr int WARPS = 4;

__device__ int laneOf() {
    return static_cast<int>(threadIdx.x);
}

__device__ int sampleOf() {
    return static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
}

__device__ void clearSeeds(const JetMatrix& seeds, int sample, int width) {
    for (int stream = 0; stream < seeds.streams; ++stream) {
        for (int i = laneOf(); i < width; i += WARP) {
            seeds.row(sample, stream)[i] = 0.0f;
        }
    }
}

// This lane's part of the sum of products.
__device__ double laneDot(const float* x, const float* y, int dimension) {
    double sum = 0.0;
    for (int i = laneOf(); i < dimension; i += WARP) {
        sum += static_cast<double>(x[i]) * y[i];
    }
    return sum;
}

__global__ void __launch_bounds__(WARP* WARPS) scoreLossKernel(const ScoreLoss loss, double* losses, int samples) {
    const int sample = sampleOf();
    if (sample >= groupsOf(samples) * GROUP) {
        return;
    }
    if (sample >= samples) {
        clearSeeds(loss.seeds, sample, loss.dimension);
        return;
    }
    const float* const score = loss.output.row(sample, 0);
    float* const seed = loss.seeds.row(sample, 0);
    double quadratic = 0.0;
    double square = 0.0;
    for (int i = laneOf(); i < loss.dimension; i += WARP) {
        float residual = loss.projected ? 0.0f : score[i];
        if (loss.noise != nullptr) {
            const float noise = loss.noise[static_cast<size_t>(sample) * pitchOf(loss.dimension) + i];
            residual = static_cast<float>(residual + noise * loss.inverseSigma);
        }
        seed[i] = residual;
        square += static_cast<double>(residual) * residual;
    }
    for (int m = 0; m < loss.slices; ++m) {
        const float* const v = loss.input.row(sample, 1 + m);
        float* const tangentSeed = loss.seeds.row(sample, 1 + m);
        quadratic += laneDot(v, loss.output.row(sample, 1 + m), loss.dimension);
        const double projection = loss.projected ? warpSum(laneDot(v, score, loss.dimension)) : 0.0;
        for (int i = laneOf(); i < loss.dimension; i += WARP) {
            tangentSeed[i] = static_cast<float>(v[i] * loss.weight);
        }
        if (loss.projected) {
            for (int i = laneOf(); i < loss.dimension; i += WARP) {
                seed[i] += static_cast<float>(projection * v[i] * loss.weight);
            }
        }
        square += laneOf() == 0 ? projection * projection * loss.weight : 0.0;
    }
    const double total = warpSum(loss.weight * quadratic + 0.5 * square);
    if (laneOf() == 0) {
        losses[sample] = total;
    }
}

__global__ void __launch_bounds__(WARP* WARPS) energyLossKernel(const EnergyLoss loss, double* losses, int samples) {
    const int sample = sampleOf();
    if (sample >= groupsOf(samples) * GROUP) {
        return;
    }
    if (sample >= samples) {
        clearSeeds(loss.seeds, sample, 1);
        return;
    }
    const float* const x = loss.input.row(sample, 0);
    const int last = 1 + loss.slices + (loss.residual ? 1 : 0);
    double sum = loss.slices > 0 ? static_cast<double>(*loss.output.row(sample, last)) : 0.0;
    for (int m = 0; m < loss.slices; ++m) {
        const float* const v = loss.input.row(sample, 1 + m);
        sum -= loss.basePrecision * warpSum(laneDot(v, v, loss.dimension));
        double seed = 0.0;
        if (!loss.residual) {
            const double base = loss.basePrecision * warpSum(laneDot(v, x, loss.dimension));
            const double projection = *loss.output.row(sample, 1 + m) - base;
            sum += 0.5 * projection * projection;
            seed = projection * loss.weight;
        }
        if (laneOf() == 0) {
            *loss.seeds.row(sample, 1 + m) = static_cast<float>(seed);
        }
    }
    double total = sum * loss.weight;
    if (loss.residual) {
        const float* const u = loss.input.row(sample, 1 + loss.slices);
        total += 0.5 * warpSum(laneDot(u, u, loss.dimension));
    }
    if (laneOf() == 0) {
        *loss.seeds.row(sample, 0) = 0.0f;
        if (loss.residual) {
            *loss.seeds.row(sample, 1 + loss.slices) = 1.0f;
        }
        if (loss.slices > 0) {
            *loss.seeds.row(sample, last) = static_cast<float>(loss.weight);
        }
        losses[sample] = total;
    }
}

__global__ void __launch_bounds__(WARP* WARPS) residualKernel(const Residual residual, int samples) {
    const int sample = sampleOf();
    if (sample >= samples) {
        return;
    }
    const float* const x = residual.input.row(sample, 0);
    const float* const gradient = residual.gradient.row(sample, 0);
    float* const u = residual.input.row(sample, residual.tangent);
    for (int i = laneOf(); i < residual.dimension; i += WARP) {
        double value = gradient[i] - residual.basePrecision * x[i];
        if (residual.noise != nullptr) {
            value += residual.noise[static_cast<size_t>(sample) * pitchOf(residual.dimension) + i] * residual.inverseSigma;
        }
        u[i] = static_cast<float>(value);
    }
}

cudaLaunchConfig_t configOf(int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(groupsOf(samples) * GROUP) + WARPS - 1) / WARPS);
    config.blockDim = dim3(WARP, WARPS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchScoreLoss(const ScoreLoss& loss, double* losses, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    return cudaLaunchKernelEx(&config, scoreLossKernel, loss, losses, samples);
}

cudaError_t launchEnergyLoss(const EnergyLoss& loss, double* losses, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    return cudaLaunchKernelEx(&config, energyLossKernel, loss, losses, samples);
}

cudaError_t launchResidual(const Residual& residual, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, stream);
    return cudaLaunchKernelEx(&config, residualKernel, residual, samples);
}

}  // namespace slicedscore
