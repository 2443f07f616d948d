// All activations and their three derivatives on the device, against double precision.

#include <vector>

#include "activation.cuh"
#include "check.h"
#include "reference.h"

using slicedscore::Activation;

namespace {

template <Activation ACT>
__global__ void evaluate(const float* z, float4* result, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) {
        result[i] = make_float4(slicedscore::activation<ACT>(z[i]), slicedscore::activationFirst<ACT>(z[i]),
                                slicedscore::activationSecond<ACT>(z[i]), slicedscore::activationThird<ACT>(z[i]));
    }
}

template <Activation ACT>
void check(const std::vector<float>& z, const float* deviceZ, float4* deviceResult) {
    const int count = static_cast<int>(z.size());
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(count) + 127) / 128);
    config.blockDim = dim3(128);
    CHECK(cudaLaunchKernelEx(&config, evaluate<ACT>, deviceZ, deviceResult, count) == cudaSuccess);
    std::vector<float4> result(z.size());
    CHECK(cudaMemcpy(result.data(), deviceResult, z.size() * sizeof(float4), cudaMemcpyDeviceToHost) == cudaSuccess);
    for (size_t i = 0; i < z.size(); ++i) {
        const auto expected = reference::activation(ACT, static_cast<double>(z[i]));
        CHECK_CLOSE(result[i].x, expected.value, 2e-6);
        CHECK_CLOSE(result[i].y, expected.first, 2e-6);
        CHECK_CLOSE(result[i].z, expected.second, 2e-6);
        CHECK_CLOSE(result[i].w, expected.third, 4e-6);
        // Tails keep relative digits, which 1 - tanh^2 and the like would lose.
        if (ACT == Activation::Tanh || ACT == Activation::Sigmoid || ACT == Activation::Softplus) {
            CHECK(std::fabs(static_cast<double>(result[i].y) - expected.first) <= 4e-6 * expected.first);
        }
    }
}

}  // namespace

int main() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::printf("skipped: no device\n");
        return 77;
    }
    std::vector<float> z;
    for (int i = -2000; i <= 2000; ++i) {
        z.push_back(static_cast<float>(i) / 100.0f);
    }
    float* deviceZ = nullptr;
    float4* deviceResult = nullptr;
    CHECK(cudaMalloc(&deviceZ, z.size() * sizeof(float)) == cudaSuccess);
    CHECK(cudaMalloc(&deviceResult, z.size() * sizeof(float4)) == cudaSuccess);
    CHECK(cudaMemcpy(deviceZ, z.data(), z.size() * sizeof(float), cudaMemcpyHostToDevice) == cudaSuccess);
    check<Activation::Softplus>(z, deviceZ, deviceResult);
    check<Activation::Tanh>(z, deviceZ, deviceResult);
    check<Activation::Silu>(z, deviceZ, deviceResult);
    check<Activation::Gelu>(z, deviceZ, deviceResult);
    check<Activation::Sigmoid>(z, deviceZ, deviceResult);
    check<Activation::Sin>(z, deviceZ, deviceResult);
    check<Activation::Elu>(z, deviceZ, deviceResult);
    check<Activation::Relu>(z, deviceZ, deviceResult);
    CHECK(cudaFree(deviceZ) == cudaSuccess);
    CHECK(cudaFree(deviceResult) == cudaSuccess);
    std::printf("activations: 8 with three derivatives at %zu points\n", z.size());
    return 0;
}
