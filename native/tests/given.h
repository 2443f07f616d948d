// Samples and slices that a test gives to an objective, and what is to come of them in double precision.
#pragma once

#include "mlp.h"

namespace given {

using reference::Vector;

struct Batch {
    std::vector<float> parameters, inputs, slices;
    size_t rows;
};

inline size_t givenSlices(const ss_training& training) {
    return training.objective == SS_EXACT ? 0 : training.objective == SS_DSM ? 1 : static_cast<size_t>(training.slices);
}

inline std::vector<double> losses(const reference::Mlp& mlp, const ss_training& training, const Batch& batch) {
    const size_t dimension = mlp.dimension();
    std::vector<double> result(batch.rows);
    for (size_t n = 0; n < batch.rows; ++n) {
        std::vector<Vector> slices;
        for (size_t m = 0; m < givenSlices(training); ++m) {
            slices.push_back(reference::rowOf(batch.slices, m * batch.rows + n, dimension));
        }
        result[n] = loss(mlp, training, reference::rowOf(batch.inputs, n, static_cast<size_t>(mlp.shape.widths[0])), slices);
    }
    return result;
}

inline double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

struct Slope {
    size_t parameter;
    double value;
};

// The gradient at the first weight, the last bias and so many others.
inline std::vector<Slope> slopes(reference::Mlp mlp, const ss_training& training, const Batch& batch, int others, std::mt19937& random) {
    std::uniform_int_distribution<size_t> any(0, mlp.parameters.size() - 1);
    std::vector<size_t> picks = {0, mlp.parameters.size() - 1};
    for (int i = 0; i < others; ++i) {
        picks.push_back(any(random));
    }
    constexpr double STEP = 1e-5;
    std::vector<Slope> result;
    for (const size_t pick : picks) {
        const double kept = mlp.parameters[pick];
        mlp.parameters[pick] = kept + STEP;
        const double above = mean(losses(mlp, training, batch));
        mlp.parameters[pick] = kept - STEP;
        const double below = mean(losses(mlp, training, batch));
        mlp.parameters[pick] = kept;
        result.push_back({pick, (above - below) / (2 * STEP)});
    }
    return result;
}

inline Batch draw(const ss_network& shape, const ss_training& training, size_t rows, const std::vector<float>& parameters,
           std::mt19937& random) {
    return {parameters, reference::normals(rows * static_cast<size_t>(shape.widths[0]), random),
            reference::normals(givenSlices(training) * rows * static_cast<size_t>(shape.dimension), random), rows};
}

}  // namespace given
