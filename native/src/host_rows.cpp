#include "host_rows.h"

#include <algorithm>

#include "handle.h"
#include "permutation.h"

namespace slicedscore {

HostRows::HostRows(const float* rows, int64_t rowCount, size_t rowWidth, int64_t rowsOfBatch, uint64_t key,
                   cudaStream_t stream)
    : values(static_cast<size_t>(rowCount) * rowWidth), count(rowCount), width(rowWidth), batch(rowsOfBatch), seed(key),
      buffers(2 * static_cast<size_t>(batch) * width, "two batches") {
    const QueuedWork waiting(stream);
    download(values.data(), rows, values.size(), stream);
    check(cudaStreamSynchronize(stream), SS_HERE, "cudaStreamSynchronize after fetching rows");
}

const float* HostRows::gather(int64_t step, int from, int to, int buffer) {
    float* const start = buffers.get() + static_cast<size_t>(buffer) * static_cast<size_t>(batch) * width;
    float* target = start;
    for (int position = from; position < to; ++position) {
        const auto row = static_cast<size_t>(batchRow(seed, count, batch, step, position));
        target = std::copy_n(values.data() + row * width, width, target);
    }
    return start;
}

}  // namespace slicedscore
