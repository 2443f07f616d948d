// The update of a training step, AdamW with clipping by the global norm and a moving average of the parameters:
//
//   g = min(1, clip / |g|) g / rows         m = b1 m + (1 - b1) g       v = b2 v + (1 - b2) g^2
//   p = (1 - rate decay) p - rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon)
//   average = d average + (1 - d) p
//
// A step whose loss or gradient norm is not finite changes nothing, and neither does any after it until the host looks. A norm
// that is too long counts as infinite: its square would make the second moment so, in single precision, for good.
//
// Java twins: io.github.slicedscore.internal.cpu.AdamUpdate and CpuTrainingRun. The element-wise formula has no fused
// multiply-adds because Java's has none.

#include "adam.h"

#include <cfloat>
#include <cmath>

#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int THREADS = 128;
constexpr double LARGEST_NORM = 1e18;

__device__ double sumOf(const double* values, int count) {
    double sum = 0.0;
    for (int i = static_cast<int>(threadIdx.x); i < count; i += THREADS) {
        sum += values[i];
    }
    return blockSum<THREADS>(sum);
}

// By squaring, as in Java.
__device__ double power(double base, int64_t exponent) {
    double result = 1.0;
    double square = base;
    for (int64_t rest = exponent; rest > 0; rest >>= 1) {
        if ((rest & 1) == 1) {
            result *= square;
        }
        square *= square;
    }
    return result;
}

__device__ bool isFinite(double value) {
    return fabs(value) <= DBL_MAX;
}

__global__ void __launch_bounds__(THREADS) stepEndKernel(const AdamSettings settings, const StepEnd end) {
    const double lossSum = sumOf(end.losses, end.lossCount);
    const double square = sumOf(end.squares, end.squareCount);
    RunState& state = *end.state;
    if (threadIdx.x != 0) {
        return;
    }
    if (state.halted != 0) {
        state.updating = 0;
        return;
    }
    const double loss = lossSum / static_cast<double>(end.rows);
    const double length = sqrt(square) / static_cast<double>(end.rows);
    const double clip = settings.clipNorm > 0.0 && length > settings.clipNorm ? settings.clipNorm / length : 1.0;
    const double norm = length * clip > LARGEST_NORM ? HUGE_VAL : length;
    const bool finite = isFinite(loss) && isFinite(norm);
    if (finite) {
        const double rate = end.rates[state.cursor];
        ++state.step;
        state.gradientScale = static_cast<float>(clip / static_cast<double>(end.rows));
        state.keep = static_cast<float>(1.0 - rate * settings.weightDecay);
        state.stepSize = static_cast<float>(rate / (1.0 - power(settings.beta1, state.step)));
        state.secondCorrection = static_cast<float>(1.0 / (1.0 - power(settings.beta2, state.step)));
    }
    state.updating = finite ? 1 : 0;
    state.halted = finite ? 0 : 1;
    end.results[state.cursor] = {state.step, loss, norm};
    ++state.cursor;
}

__global__ void __launch_bounds__(THREADS) adamKernel(const AdamSettings settings, const RunState* state, const AdamArrays arrays) {
    const size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i >= arrays.count || state->updating == 0) {
        return;
    }
    const float beta1 = static_cast<float>(settings.beta1);
    const float beta2 = static_cast<float>(settings.beta2);
    const float epsilon = static_cast<float>(settings.epsilon);
    const float g = state->gradientScale * arrays.gradient[i];
    const float m = beta1 * arrays.first[i] + (1.0f - beta1) * g;
    const float v = beta2 * arrays.second[i] + (1.0f - beta2) * g * g;
    arrays.first[i] = m;
    arrays.second[i] = v;
    const float p = state->keep * arrays.parameters[i] - state->stepSize * m / (sqrtf(v * state->secondCorrection) + epsilon);
    arrays.parameters[i] = p;
    if (settings.averageDecay > 0.0) {
        const float decay = static_cast<float>(settings.averageDecay);
        arrays.average[i] = decay * arrays.average[i] + (1.0f - decay) * p;
    }
}

__global__ void __launch_bounds__(THREADS) sumKernel(const double* values, int count, double* sum) {
    const double total = sumOf(values, count);
    if (threadIdx.x == 0) {
        *sum = total;
    }
}

cudaLaunchConfig_t configOf(unsigned blocks, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(blocks);
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchStepEnd(const AdamSettings& settings, const StepEnd& end, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(1, stream);
    return cudaLaunchKernelEx(&config, stepEndKernel, settings, end);
}

cudaError_t launchAdam(const AdamSettings& settings, const RunState* state, const AdamArrays& arrays, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(static_cast<unsigned>((arrays.count + THREADS - 1) / THREADS), stream);
    return cudaLaunchKernelEx(&config, adamKernel, settings, state, arrays);
}

cudaError_t launchSum(const double* values, int count, double* sum, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(1, stream);
    return cudaLaunchKernelEx(&config, sumKernel, values, count, sum);
}

}  // namespace slicedscore
