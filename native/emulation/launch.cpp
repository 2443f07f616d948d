// Launches: what a device of the profile would refuse is refused.

#include "call.h"
#include "device.h"
#include "settings.h"
#include "stream.h"

namespace emulation {
namespace {

constexpr size_t MOST_ARGUMENT_BYTES = 4096;  // on every device; newer ones take more

cudaError_t checkLimits(const Grid& grid, const void* function, size_t argumentBytes) {
    const Profile& profile = *settings().profile;
    const dim3& blocks = grid.blocks;
    const dim3& threads = grid.threads;
    if (blocks.x == 0 || blocks.y == 0 || blocks.z == 0 || threads.x == 0 || threads.y == 0 || threads.z == 0
        || blocks.x > 0x7fffffffu || blocks.y > 65535 || blocks.z > 65535 || threads.x > 1024 || threads.y > 1024
        || threads.z > 64 || size_t{threads.x} * threads.y * threads.z > Profile::THREADS_PER_BLOCK) {
        return cudaErrorInvalidConfiguration;
    }
    if (grid.dynamicBytes > profile.sharedPerBlockOptin || grid.dynamicBytes > dynamicSharedLimit(function)
        || argumentBytes > MOST_ARGUMENT_BYTES) {
        return cudaErrorInvalidValue;
    }
    if (grid.clusterSize > 1 && (!profile.clusters || grid.clusterSize > 8 || blocks.x % grid.clusterSize != 0)) {
        return profile.clusters ? cudaErrorInvalidConfiguration : cudaErrorNotSupported;
    }
    if (grid.cooperative) {
        const size_t perMultiprocessor = threadsPerMultiprocessor() / (size_t{threads.x} * threads.y * threads.z);
        if (size_t{blocks.x} * blocks.y * blocks.z > perMultiprocessor * static_cast<size_t>(settings().multiprocessors)) {
            return cudaErrorCooperativeLaunchTooLarge;
        }
    }
    return cudaSuccess;
}

}  // namespace

cudaError_t launch(const cudaLaunchConfig_t& config, const void* function, size_t argumentBytes, std::function<void()> body) {
    return call("cudaLaunchKernelEx", Kind::Plain, [&] {
        auto grid = std::make_shared<Grid>();
        grid->function = function;
        grid->blocks = config.gridDim;
        grid->threads = config.blockDim;
        grid->dynamicBytes = config.dynamicSmemBytes;
        grid->body = std::move(body);
        for (unsigned i = 0; i < config.numAttrs; ++i) {
            const cudaLaunchAttribute& attribute = config.attrs[i];
            if (attribute.id == cudaLaunchAttributeCooperative) {
                grid->cooperative = attribute.val.cooperative != 0;
            } else if (attribute.id == cudaLaunchAttributeClusterDimension) {
                if (attribute.val.clusterDim.y != 1 || attribute.val.clusterDim.z != 1) {
                    return cudaErrorNotSupported;  // only clusters along x are emulated
                }
                grid->clusterSize = attribute.val.clusterDim.x;
            }
        }
        const cudaError_t wrong = checkLimits(*grid, function, argumentBytes);
        if (wrong != cudaSuccess) {
            return wrong;
        }
        const CUstream_st* stream = resolve(config.stream);
        if (stream == nullptr || stream->device != currentDevice()) {
            return cudaErrorInvalidResourceHandle;
        }
        return submit(config.stream, Operation::Threads, nullptr, std::move(grid));
    });
}

}  // namespace emulation
