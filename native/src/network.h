// What the caller's structs say, checked once and in the library's own types.
#pragma once

#include <cstddef>
#include <vector>

#include "activation.h"
#include "adam.h"
#include "prepare.h"
#include "slicedscore.h"

namespace slicedscore {

// An affine layer and where its parameters lie in the flat array: W [outputs][inputs], and behind it b.
struct Layer {
    int inputs;
    int outputs;
    size_t offset;

    size_t weights() const { return static_cast<size_t>(inputs) * static_cast<size_t>(outputs); }
    size_t parameters() const { return weights() + static_cast<size_t>(outputs); }
};

struct Network {
    bool energy;
    int dimension;
    int conditions;
    Activation activation;
    double basePrecision;
    std::vector<Layer> layers;

    explicit Network(const ss_network* network);

    int inputs() const { return dimension + conditions; }
    size_t parameters() const { return layers.back().offset + layers.back().parameters(); }
};

enum class ObjectiveKind { Sliced, VarianceReduced, Exact, Denoising };

struct Objective {
    ObjectiveKind kind;
    int slices;  // tangents that the loss has: M, D for exact, none for denoising
    Directions directions;
    double sigma;

    Objective(const Network& network, const ss_training* training);
};

AdamSettings adamSettings(const ss_training& training);

// A number of samples whose rows of so many streams a launch can hold.
int samplesOf(int64_t samples, int streams, const char* what);

}  // namespace slicedscore
