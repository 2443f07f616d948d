// The element-wise stage of a layer as kernels of its own, for any number of streams. A thread owns a feature of a sample with
// all its streams; elementwise.cuh has the equations.

#include "activate.h"

#include "elementwise.cuh"

namespace slicedscore {
namespace {

constexpr int COLUMNS = 32;

struct Stage {
    JetShape shape;
    int width;
    JetMatrix streams;  // z and then b forward, b and then dz in reverse
    JetMatrix other;    // a forward, o in reverse
};

__global__ void __launch_bounds__(COLUMNS* GROUP) activateKernel(const Stage stage, Activation activation) {
    const int sample = static_cast<int>(blockIdx.x * GROUP + threadIdx.y);
    const int column = static_cast<int>(blockIdx.y * COLUMNS + threadIdx.x);
    if (column >= stage.width) {
        return;
    }
    const auto z = [&](int stream) -> float& { return stage.streams.row(sample, stream)[column]; };
    activateJet(stage.shape, derivativesOf(activation, z(0)), z, [&](int stream, float a, float b) {
        stage.other.row(sample, stream)[column] = a;
        z(stream) = b;
    });
}

__global__ void __launch_bounds__(COLUMNS* GROUP) deactivateKernel(const Stage stage) {
    const int sample = static_cast<int>(blockIdx.x * GROUP + threadIdx.y);
    const int column = static_cast<int>(blockIdx.y * COLUMNS + threadIdx.x);
    if (column >= stage.width) {
        return;
    }
    const auto b = [&](int stream) -> float& { return stage.streams.row(sample, stream)[column]; };
    const auto o = [&](int stream) { return stage.other.row(sample, stream)[column]; };
    deactivateJet(stage.shape, stage.shape.streams(), o, b, [&](int stream, float dz) { b(stream) = dz; });
}

cudaLaunchConfig_t configOf(int samples, int width, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>(groupsOf(samples)), (static_cast<unsigned>(width) + COLUMNS - 1) / COLUMNS);
    config.blockDim = dim3(COLUMNS, GROUP);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchActivate(Activation activation, JetShape shape, int samples, int width, const JetMatrix& z,
                           const JetMatrix& a, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, width, stream);
    return cudaLaunchKernelEx(&config, activateKernel, Stage{shape, width, z, a}, activation);
}

cudaError_t launchDeactivate(JetShape shape, int samples, int width, const JetMatrix& o, const JetMatrix& b,
                             cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, width, stream);
    return cudaLaunchKernelEx(&config, deactivateKernel, Stage{shape, width, b, o});
}

}  // namespace slicedscore
