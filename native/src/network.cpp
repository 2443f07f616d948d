#include "network.h"

#include <climits>
#include <cmath>

#include "layout.h"
#include "status.h"

namespace slicedscore {
namespace {

constexpr int64_t MAX_WIDTH = 65535LL * 32;  // a grid's second dimension, in tiles of 32

long long shown(int64_t value) {
    return static_cast<long long>(value);
}

bool isDeviation(double value) {
    return value >= 0 && std::isfinite(value);
}

}  // namespace

Network::Network(const ss_network* network) {
    require(network != nullptr, SS_HERE, "the network is null");
    require(network->struct_size == sizeof(ss_network), SS_HERE,
            format("ss_network of %d bytes, this library's has %zu", network->struct_size, sizeof(ss_network)));
    require(network->kind == SS_SCORE || network->kind == SS_ENERGY, SS_HERE, format("no network has the kind %d", network->kind));
    require(network->activation >= 0 && network->activation < ACTIVATION_COUNT, SS_HERE,
            format("no activation has the code %d", network->activation));
    require(network->layers >= 1 && network->layers <= SS_MAX_LAYERS, SS_HERE,
            format("a network has 1 to %d layers, not %d", SS_MAX_LAYERS, network->layers));
    require(network->dimension >= 1 && network->conditions >= 0, SS_HERE,
            format("dimension %d and conditions %d", network->dimension, network->conditions));
    require(isDeviation(network->base_precision), SS_HERE, format("a base of precision %g", network->base_precision));
    for (int i = 0; i <= network->layers; ++i) {
        require(network->widths[i] >= 1 && network->widths[i] <= MAX_WIDTH, SS_HERE,
                format("width %d is 1 to %lld, not %lld", i, shown(MAX_WIDTH), shown(network->widths[i])));
    }
    energy = network->kind == SS_ENERGY;
    dimension = network->dimension;
    conditions = network->conditions;
    activation = static_cast<Activation>(network->activation);
    basePrecision = network->base_precision;
    require(network->widths[0] == int64_t{dimension} + conditions, SS_HERE,
            format("the first width is %lld, dimension and conditions are %d and %d", shown(network->widths[0]), dimension, conditions));
    require(network->widths[network->layers] == (energy ? 1 : dimension), SS_HERE,
            format("the last width is %lld, for a network of dimension %d", shown(network->widths[network->layers]), dimension));
    require(energy || basePrecision == 0, SS_HERE, "only an energy has a base");
    size_t offset = 0;
    for (int i = 0; i < network->layers; ++i) {
        layers.push_back({static_cast<int>(network->widths[i]), static_cast<int>(network->widths[i + 1]), offset});
        offset += layers.back().parameters();
    }
}

Objective::Objective(const Network& network, const ss_training* training) {
    require(training != nullptr, SS_HERE, "the training is null");
    require(training->struct_size == sizeof(ss_training), SS_HERE,
            format("ss_training of %d bytes, this library's has %zu", training->struct_size, sizeof(ss_training)));
    require(training->objective >= SS_SSM && training->objective <= SS_DSM, SS_HERE,
            format("no objective has the code %d", training->objective));
    require(training->projection >= SS_RADEMACHER && training->projection <= SS_SPHERE, SS_HERE,
            format("no projection has the code %d", training->projection));
    kind = static_cast<ObjectiveKind>(training->objective);
    sigma = training->sigma;
    switch (kind) {
        case ObjectiveKind::Sliced:
        case ObjectiveKind::VarianceReduced:
            require(training->slices >= 1 && training->slices < 1 << 24, SS_HERE, format("%d slices", training->slices));
            slices = training->slices;
            directions = training->projection == SS_RADEMACHER ? Directions::Rademacher
                         : training->projection == SS_GAUSSIAN ? Directions::Gaussian
                                                               : Directions::Sphere;
            break;
        case ObjectiveKind::Exact:
            slices = network.dimension;
            directions = Directions::Unit;
            break;
        case ObjectiveKind::Denoising:
            require(isDeviation(sigma) && sigma > 0, SS_HERE, format("a noise level of %g", sigma));
            slices = 0;
            directions = Directions::None;
            break;
    }
}

AdamSettings adamSettings(const ss_training& training) {
    const auto isDecay = [](double value) { return value >= 0 && value < 1; };
    require(isDecay(training.beta1) && isDecay(training.beta2) && isDecay(training.average_decay), SS_HERE,
            format("decays of %g, %g and %g, which are 0 to below 1", training.beta1, training.beta2, training.average_decay));
    require(isDeviation(training.epsilon) && isDeviation(training.weight_decay) && isDeviation(training.clip_norm), SS_HERE,
            format("epsilon %g, weight decay %g or clipping norm %g", training.epsilon, training.weight_decay, training.clip_norm));
    return {training.beta1,        training.beta2,     training.epsilon,
            training.weight_decay, training.clip_norm, training.average_decay};
}

int samplesOf(int64_t samples, int streams, const char* what) {
    const int64_t most = (INT_MAX - 1024) / streams / GROUP * GROUP;
    require(samples >= 1 && samples <= most, SS_HERE, format("%s is 1 to %lld, not %lld", what, shown(most), shown(samples)));
    return static_cast<int>(samples);
}

}  // namespace slicedscore
