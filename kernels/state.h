// What a training run keeps on the device between steps, so that a step needs no argument and one captured graph is every
// step.
#pragma once

#include <cstdint>

namespace slicedscore {

struct RunState {
    int64_t step;    // updates done
    int64_t cursor;  // results written since the host last looked
    int32_t halted;  // a step was not finite: no further one may update
};

struct RunResult {
    int64_t step;
    double loss;
    double gradientNorm;
};

}  // namespace slicedscore
