// cudaLaunchKernelEx: the typed front that turns a kernel and its arguments into a function without arguments.
#pragma once

#include <functional>
#include <tuple>

#include "runtime.h"

namespace emulation {

// Checks the configuration against the device's limits and queues the kernel, or records it while the stream is captured.
cudaError_t launch(const cudaLaunchConfig_t& config, const void* function, size_t argumentBytes, std::function<void()> body);

}  // namespace emulation

// The arguments are copied here, at the launch or capture, as CUDA does; a kernel then gets its own copy in every thread.
template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...), Arguments&&... arguments) {
    std::tuple<Parameters...> copies(static_cast<Parameters>(arguments)...);
    return emulation::launch(*config, reinterpret_cast<const void*>(kernel), (sizeof(Parameters) + ... + 0),
                             [kernel, copies] { std::apply(kernel, copies); });
}
