#include "staging.h"

#include "handle.h"

namespace slicedscore {

void Staging::fill(int place, size_t offset, const float* source, size_t count) const {
    const auto index = static_cast<size_t>(place);
    used[index].holdBack(copies.get());
    upload(pointers[index] + offset, source, count, copies.get());
    filled[index].record(copies.get());
}

}  // namespace slicedscore
