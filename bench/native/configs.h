// The networks and batches that every figure of this project is measured on. Java's twin is bench's Config.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "slicedscore.h"

namespace timings {

// Score networks by SSM-VR; energies by SSM, and by SSM-VR.
enum class Kind { Score, Energy, EnergyVarianceReduced };

// All with softplus and one Rademacher slice; Adam without clipping.
struct Config {
    const char* name;
    Kind kind;
    int dimension;
    int width;
    int depth;
    int batch;

    bool isEnergy() const { return kind != Kind::Score; }

    // Rows of a sample in a step's matrix products: its value and derivatives along the slice.
    int streams() const { return isEnergy() ? 3 : 2; }

    ss_network network() const {
        ss_network network{};
        network.struct_size = sizeof network;
        network.kind = isEnergy() ? SS_ENERGY : SS_SCORE;
        network.dimension = dimension;
        network.layers = depth + 1;
        network.activation = SS_SOFTPLUS;
        network.widths[0] = dimension;
        for (int i = 1; i <= depth; ++i) {
            network.widths[i] = width;
        }
        network.widths[depth + 1] = isEnergy() ? 1 : dimension;
        return network;
    }

    ss_training training() const {
        ss_training training{};
        training.struct_size = sizeof training;
        training.objective = kind == Kind::Energy ? SS_SSM : SS_SSM_VR;
        training.slices = 1;
        training.projection = SS_RADEMACHER;
        training.batch = batch;
        training.seed = 1;
        training.beta1 = 0.9;
        training.beta2 = 0.999;
        training.epsilon = 1e-8;
        training.residence = SS_RESIDENCE_DEVICE;
        return training;
    }

    // Without biases.
    double weights() const {
        const ss_network shape = network();
        double sum = 0;
        for (int i = 0; i < shape.layers; ++i) {
            sum += static_cast<double>(shape.widths[i]) * static_cast<double>(shape.widths[i + 1]);
        }
        return sum;
    }

    size_t parameters() const {
        const ss_network shape = network();
        size_t sum = 0;
        for (int i = 0; i < shape.layers; ++i) {
            sum += static_cast<size_t>((shape.widths[i] + 1) * shape.widths[i + 1]);
        }
        return sum;
    }

    // A step's floating-point operations in its matrix products: 6 a weight and row for each stream, and 4 for an energy's plain
    // pass of SSM-VR.
    double flops() const { return (6.0 * streams() + (kind == Kind::EnergyVarianceReduced ? 4.0 : 0.0)) * batch * weights(); }

    std::string description() const {
        return std::string(isEnergy() ? kind == Kind::Energy ? "energy, SSM" : "energy, SSM-VR" : "score") + ", " + std::to_string(width) + " x " + std::to_string(depth);
    }
};

inline std::vector<Config> standardConfigs() {
    constexpr Kind SCORE = Kind::Score;
    return {{"A", SCORE, 2, 128, 2, 128},
            {"B", SCORE, 16, 256, 2, 512},
            {"C", SCORE, 100, 512, 3, 1024},
            {"D", SCORE, 784, 1024, 2, 256},
            {"E", Kind::Energy, 16, 128, 2, 256},
            {"F", Kind::EnergyVarianceReduced, 16, 128, 2, 256},
            {"G1", SCORE, 2, 128, 3, 1024},
            {"G2", SCORE, 64, 512, 3, 4096},
            {"G3", SCORE, 784, 2048, 4, 8192}};
}

// The same kinds, small enough for an emulated device.
inline std::vector<Config> smokeConfigs() {
    return {{"A", Kind::Score, 2, 9, 2, 5}, {"E", Kind::Energy, 3, 8, 2, 7}, {"F", Kind::EnergyVarianceReduced, 3, 8, 2, 7}};
}

}  // namespace timings
