// The rows of a run whose data do not fit on the device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "resources.h"

namespace slicedscore {

// Rows in host memory, and two buffers from which batches of them are copied to the device.
class HostRows {
public:
    // The rows may be anywhere; width floats each. The stream fetches them.
    HostRows(const float* rows, int64_t count, size_t width, int64_t batch, uint64_t seed, cudaStream_t stream);

    // The rows at positions from .. to-1 of a step's batch, in the buffer of that number, which nobody may be reading.
    const float* gather(int64_t step, int from, int to, int buffer);

private:
    std::vector<float> values;
    int64_t count;
    size_t width;
    int64_t batch;
    uint64_t seed;
    Pinned<float> buffers;
};

}  // namespace slicedscore
