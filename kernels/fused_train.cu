// The launch of fused_train.cuh's kernels.

#include "fused_training_kernel.h"

namespace slicedscore {

namespace fused {

extern template TrainingKernel trainingKernel<Arithmetic::Ffma>(int streams);
extern template TrainingKernel trainingKernel<Arithmetic::Tf32x3>(int streams);
extern template TrainingKernel trainingKernel<Arithmetic::Tf32>(int streams);
extern template TrainingKernel trainingKernel<Arithmetic::Bf16>(int streams);

}  // namespace fused

namespace {

fused::TrainingKernel kernelOf(Arithmetic arithmetic, int streams) {
    switch (arithmetic) {
        case Arithmetic::Ffma:
            return fused::trainingKernel<Arithmetic::Ffma>(streams);
        case Arithmetic::Tf32x3:
            return fused::trainingKernel<Arithmetic::Tf32x3>(streams);
        case Arithmetic::Tf32:
            return fused::trainingKernel<Arithmetic::Tf32>(streams);
        case Arithmetic::Bf16:
            return fused::trainingKernel<Arithmetic::Bf16>(streams);
    }
    return nullptr;
}

}  // namespace

int fusedBlocks(const FusedTraining& training, int samples) {
    return (groupsOf(samples) + training.groupsPerBlock - 1) / training.groupsPerBlock;
}

cudaError_t prepareFusedTraining(Arithmetic arithmetic, int streams, int bytes) {
    return cudaFuncSetAttribute(kernelOf(arithmetic, streams), cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
}

cudaError_t launchFusedTraining(Arithmetic arithmetic, const FusedTraining& training, const BatchSource& source, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>(fusedBlocks(training, source.samples)));
    config.blockDim = dim3(32 * FUSED_WARPS);
    config.dynamicSmemBytes = static_cast<size_t>(training.memory.bytes);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernelOf(arithmetic, training.shape.streams()), training, source);
}

}  // namespace slicedscore
