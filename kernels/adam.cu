// The end of a training step, in one launch: the sum of the gradient's parts, its norm, and AdamW with clipping by the norm and a
// moving average of the parameters:
//
//   g = min(1, clip / |g|) g / rows         m = b1 m + (1 - b1) g       v = b2 v + (1 - b2) g^2
//   p = (1 - rate decay) p - rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon)
//   average = d average + (1 - d) p
//
// A step whose loss or gradient norm is not finite changes nothing, and neither does any after it until the host looks. A norm
// that is too long counts as infinite: its square would make the second moment so, in single precision, for good.
//
// The norm is of all parameters, so all blocks wait for each other in the middle (a cooperative launch). Every block then finds
// the step's numbers for itself, from the state as it was before; the first block writes the new state.
//
// Java twins: io.github.slicedscore.internal.cpu.AdamUpdate and CpuTrainingRun. The element-wise formula has no fused
// multiply-adds because Java's has none.

#include "adam.h"

#include <cfloat>
#include <cmath>

#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int THREADS = 256;
constexpr int SHARES = 4;       // threads that share the parts of a parameter, where those are many
constexpr int MANY_PARTS = 16;
constexpr int AHEAD = 8;        // parts whose loads are under way together; the compiler would have two
constexpr double LARGEST_NORM = 1e18;

// What a step's update has in common.
struct StepNumbers {
    float gradientScale;
    float keep;
    float stepSize;
    float secondCorrection;
    int updating;
};

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

__device__ float sumParts(const GradientParts& gradient, size_t i, int from, int to) {
    const float* next = gradient.parts + from * gradient.stride + i;
    float sum = 0.0f;
    int part = from;
    ROLLED for (; part + AHEAD <= to; part += AHEAD) {
        float loaded[AHEAD];
#pragma unroll
        for (float& value : loaded) {
            value = *next;
            next += gradient.stride;
        }
#pragma unroll
        for (const float value : loaded) {
            sum += value;
        }
    }
    ROLLED for (; part < to; ++part) {
        sum += *next;
        next += gradient.stride;
    }
    return sum;
}

// The gradient, and this thread's part of its squares. Few parts: a thread a parameter. Many: some threads a parameter, a range
// of parts each, added in order.
__device__ double addParts(const GradientParts& gradient, const AdamArrays& arrays) {
    SHARED_ARRAY(float, shares, [THREADS]);
    const int sharing = gradient.count < MANY_PARTS ? 1 : SHARES;
    const int width = THREADS / sharing;
    const int thread = static_cast<int>(threadIdx.x);
    const int share = thread / width;
    const int from = static_cast<int>(static_cast<int64_t>(gradient.count) * share / sharing);
    const int to = static_cast<int>(static_cast<int64_t>(gradient.count) * (share + 1) / sharing);
    double square = 0.0;
    for (size_t base = static_cast<size_t>(blockIdx.x) * width; base < arrays.count; base += static_cast<size_t>(gridDim.x) * width) {
        const size_t i = base + thread % width;
        shares[thread] = i < arrays.count ? sumParts(gradient, i, from, to) : 0.0f;
        __syncthreads();
        if (share == 0 && i < arrays.count) {
            float sum = shares[thread];
            for (int other = 1; other < sharing; ++other) {
                sum += shares[other * width + thread];
            }
            arrays.gradient[i] = sum;
            square += static_cast<double>(sum) * sum;
        }
        __syncthreads();
    }
    return square;
}

__device__ void updateParameter(const AdamSettings& settings, const StepNumbers& numbers, const AdamArrays& arrays, size_t i) {
    const float beta1 = static_cast<float>(settings.beta1);
    const float beta2 = static_cast<float>(settings.beta2);
    const float epsilon = static_cast<float>(settings.epsilon);
    const float g = numbers.gradientScale * arrays.gradient[i];
    const float m = beta1 * arrays.first[i] + (1.0f - beta1) * g;
    const float v = beta2 * arrays.second[i] + (1.0f - beta2) * g * g;
    arrays.first[i] = m;
    arrays.second[i] = v;
    const float p = numbers.keep * arrays.parameters[i] - numbers.stepSize * m / (sqrtf(v * numbers.secondCorrection) + epsilon);
    arrays.parameters[i] = p;
    if (settings.averageDecay > 0.0) {
        const float decay = static_cast<float>(settings.averageDecay);
        arrays.average[i] = decay * arrays.average[i] + (1.0f - decay) * p;
    }
}

// By one thread of every block; `writes` in one of them.
__device__ StepNumbers endStep(const AdamSettings& settings, const StepEnd& end, const RunState& before, double lossSum, double square,
                               bool writes) {
    StepNumbers numbers{};
    if (before.halted != 0) {
        return numbers;
    }
    const double loss = lossSum / static_cast<double>(end.rows);
    const double length = sqrt(square) / static_cast<double>(end.rows);
    const double clip = settings.clipNorm > 0.0 && length > settings.clipNorm ? settings.clipNorm / length : 1.0;
    const double norm = length * clip > LARGEST_NORM ? HUGE_VAL : length;
    int64_t step = before.step;
    if (isFinite(loss) && isFinite(norm)) {
        const double rate = end.rates[before.cursor];
        ++step;
        numbers.updating = 1;
        numbers.gradientScale = static_cast<float>(clip / static_cast<double>(end.rows));
        numbers.keep = static_cast<float>(1.0 - rate * settings.weightDecay);
        numbers.stepSize = static_cast<float>(rate / (1.0 - power(settings.beta1, step)));
        numbers.secondCorrection = static_cast<float>(1.0 / (1.0 - power(settings.beta2, step)));
    }
    if (writes) {
        end.results[before.cursor] = {step, loss, norm};
        *end.state = {step, before.cursor + 1, numbers.updating == 0 ? 1 : 0};
    }
    return numbers;
}

__global__ void __launch_bounds__(THREADS) updateKernel(const AdamSettings settings, const GradientParts gradient, const StepEnd end, const AdamArrays arrays) {
    SHARED_ARRAY(StepNumbers, numbers, [1]);
    const RunState before = *end.state;
    const int blocks = static_cast<int>(gridDim.x);
    const double square = blockSum<THREADS>(addParts(gradient, arrays));
    if (threadIdx.x == 0) {
        arrays.sums[blockIdx.x] = square;
    }
    if (blockIdx.x == 0) {
        const double loss = sumOf(end.losses, end.lossCount);
        if (threadIdx.x == 0) {
            arrays.sums[blocks] = loss;
        }
    }
    gridBarrier();
    const double squares = sumOf(arrays.sums, blocks);
    if (threadIdx.x == 0) {
        numbers[0] = endStep(settings, end, before, arrays.sums[blocks], squares, blockIdx.x == 0);
    }
    __syncthreads();
    if (numbers[0].updating == 0) {
        return;
    }
    const size_t stride = static_cast<size_t>(gridDim.x) * THREADS;
    for (size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x; i < arrays.count; i += stride) {
        updateParameter(settings, numbers[0], arrays, i);
    }
}

__global__ void __launch_bounds__(THREADS) sumKernel(const double* values, int count, double* sum) {
    const double total = sumOf(values, count);
    if (threadIdx.x == 0) {
        *sum = total;
    }
}

cudaLaunchConfig_t configOf(int blocks, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>(blocks));
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t findUpdateBlocks(size_t parameters, int device, int* blocks) {
    int processors = 0;
    cudaError_t result = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    int resident = 0;
    if (result == cudaSuccess) {
        result = cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, updateKernel, THREADS, 0);
    }
    constexpr size_t WIDTH = THREADS / SHARES;
    const size_t wanted = (parameters + WIDTH - 1) / WIDTH;
    const size_t most = static_cast<size_t>(processors) * static_cast<size_t>(resident);
    *blocks = static_cast<int>(wanted < most ? wanted : most);
    return result;
}

cudaError_t launchUpdate(const AdamSettings& settings, const GradientParts& gradient, const StepEnd& end, const AdamArrays& arrays,
                         int blocks, cudaStream_t stream) {
    cudaLaunchConfig_t config = configOf(blocks, stream);
    cudaLaunchAttribute cooperative{};
    cooperative.id = cudaLaunchAttributeCooperative;
    cooperative.val.cooperative = 1;
    config.attrs = &cooperative;
    config.numAttrs = 1;
    return cudaLaunchKernelEx(&config, updateKernel, settings, gradient, end, arrays);
}

cudaError_t launchSum(const double* values, int count, double* sum, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(1, stream);
    return cudaLaunchKernelEx(&config, sumKernel, values, count, sum);
}

}  // namespace slicedscore
