// Batches on their way to the device.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <cstddef>

#include "resources.h"

namespace slicedscore {

// Two places on the device, filled in turn by a stream of their own, so that one is filled while the step on the other is
// computed.
class Staging {
public:
    explicit Staging(const std::array<float*, 2>& places) : pointers(places) {}

    // The place of the next batch.
    int next() { return turn ^= 1; }

    // Copies to a place's floats from `offset` on, once its last user is done.
    void fill(int place, size_t offset, const float* source, size_t count) const;
    // Waits until the source of the last copy to the place may be overwritten.
    void awaitFilled(int place) const { filled[static_cast<size_t>(place)].synchronize("a batch's copy"); }

    // What the stream gets between the two uses the place.
    void beginUse(int place, cudaStream_t stream) const { filled[static_cast<size_t>(place)].holdBack(stream); }
    void endUse(int place, cudaStream_t stream) const { used[static_cast<size_t>(place)].record(stream); }

    cudaStream_t queue() const { return copies.get(); }

private:
    std::array<float*, 2> pointers;
    int turn = 0;
    std::array<Event, 2> filled;
    std::array<Event, 2> used;
    Stream copies;
};

}  // namespace slicedscore
