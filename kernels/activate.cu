// The element-wise stage of a layer, forward
//
//   a    = act(z)                                b0   = act'(z)
//   a1_m = b0 z1_m                               b1_m = act''(z) z1_m
//   a2   = sum_m b1_m z1_m + b0 z2               b2   = sum_m act'''(z) z1_m^2 + act''(z) z2
//
// and in reverse, from adjoints o of a
//
//   dz   = o b0 + sum_m o1_m b1_m + o2 b2
//   dz1_m = o1_m b0 + 2 o2 b1_m                  without o2 where m takes no part in a2
//   dz2  = o2 b0
//
// Java twin: io.github.slicedscore.internal.cpu.PlainKernels. A thread owns a feature of a sample with all its streams.

#include "activate.h"

#include "activation.cuh"

namespace slicedscore {
namespace {

constexpr int COLUMNS = 32;

struct Stage {
    JetShape shape;
    int width;
    JetMatrix streams;  // z and then b forward, b and then dz in reverse
    JetMatrix other;    // a forward, o in reverse
};

template <Activation ACT>
__global__ void __launch_bounds__(COLUMNS* GROUP) activateKernel(const Stage stage) {
    const int sample = static_cast<int>(blockIdx.x * GROUP + threadIdx.y);
    const int column = static_cast<int>(blockIdx.y * COLUMNS + threadIdx.x);
    if (column >= stage.width) {
        return;
    }
    const int tangents = stage.shape.tangents;
    const int last = tangents + 1;
    float* const z = stage.streams.row(sample, 0) + column;
    const float value = *z;
    const float first = activationFirst<ACT>(value);
    stage.other.row(sample, 0)[column] = activation<ACT>(value);
    *z = first;
    if (tangents == 0) {
        return;
    }
    const float second = activationSecond<ACT>(value);
    const float third = stage.shape.second() ? activationThird<ACT>(value) : 0.0f;
    float a2 = 0.0f;
    float b2 = 0.0f;
    for (int m = 0; m < tangents; ++m) {
        float* const tangent = stage.streams.row(sample, 1 + m) + column;
        const float z1 = *tangent;
        const float b1 = second * z1;
        if (m < stage.shape.curved) {
            a2 = fmaf(b1, z1, a2);
            b2 = fmaf(third * z1, z1, b2);
        }
        stage.other.row(sample, 1 + m)[column] = first * z1;
        *tangent = b1;
    }
    if (stage.shape.second()) {
        float* const curvature = stage.streams.row(sample, last) + column;
        const float z2 = *curvature;
        stage.other.row(sample, last)[column] = fmaf(first, z2, a2);
        *curvature = fmaf(second, z2, b2);
    }
}

__global__ void __launch_bounds__(COLUMNS* GROUP) deactivateKernel(const Stage stage) {
    const int sample = static_cast<int>(blockIdx.x * GROUP + threadIdx.y);
    const int column = static_cast<int>(blockIdx.y * COLUMNS + threadIdx.x);
    if (column >= stage.width) {
        return;
    }
    const int tangents = stage.shape.tangents;
    const int last = tangents + 1;
    float* const value = stage.streams.row(sample, 0) + column;
    const float b0 = *value;
    const float o2 = stage.shape.second() ? stage.other.row(sample, last)[column] : 0.0f;
    float dz = stage.other.row(sample, 0)[column] * b0;
    for (int m = 0; m < tangents; ++m) {
        float* const tangent = stage.streams.row(sample, 1 + m) + column;
        const float b1 = *tangent;
        const float o1 = stage.other.row(sample, 1 + m)[column];
        dz = fmaf(o1, b1, dz);
        *tangent = m < stage.shape.curved ? fmaf(o1, b0, 2.0f * o2 * b1) : o1 * b0;
    }
    if (stage.shape.second()) {
        float* const curvature = stage.streams.row(sample, last) + column;
        dz = fmaf(o2, *curvature, dz);
        *curvature = o2 * b0;
    }
    *value = dz;
}

using Kernel = void (*)(Stage);

// Indexed by Activation.
constexpr Kernel KERNELS[ACTIVATION_COUNT] = {
    activateKernel<Activation::Softplus>, activateKernel<Activation::Tanh>,    activateKernel<Activation::Silu>,
    activateKernel<Activation::Gelu>,     activateKernel<Activation::Sigmoid>, activateKernel<Activation::Sin>,
    activateKernel<Activation::Elu>,      activateKernel<Activation::Relu>,
};

cudaError_t launch(Kernel kernel, const Stage& stage, int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>(groupsOf(samples)), (static_cast<unsigned>(stage.width) + COLUMNS - 1) / COLUMNS);
    config.blockDim = dim3(COLUMNS, GROUP);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernel, stage);
}

}  // namespace

cudaError_t launchActivate(Activation activation, JetShape shape, int samples, int width, const JetMatrix& z,
                           const JetMatrix& a, cudaStream_t stream) {
    return launch(KERNELS[static_cast<int>(activation)], Stage{shape, width, z, a}, samples, stream);
}

cudaError_t launchDeactivate(JetShape shape, int samples, int width, const JetMatrix& o, const JetMatrix& b,
                             cudaStream_t stream) {
    return launch(deactivateKernel, Stage{shape, width, b, o}, samples, stream);
}

}  // namespace slicedscore
