// A network and its objectives in double precision, straight from their definitions: second derivatives along one direction
// at a time, the score of an energy as its gradient along e_1 .. e_D. Nothing is shared with the kernels' formulas, which
// stack and collapse streams and hold directions fixed.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "reference.h"
#include "slicedscore.h"

namespace reference {

using Vector = std::vector<double>;

inline double dot(const Vector& x, const Vector& y, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += x[i] * y[i];
    }
    return sum;
}

struct Mlp {
    ss_network shape;
    Vector parameters;

    size_t dimension() const { return static_cast<size_t>(shape.dimension); }
    bool energy() const { return shape.kind == SS_ENERGY; }

    // Output streams at [x, c] along v.
    struct Streams {
        Vector value, first, second;
    };

    Streams along(const Vector& input, const Vector& v) const {
        Streams a{input, v, Vector(input.size(), 0.0)};
        a.first.resize(input.size(), 0.0);
        size_t offset = 0;
        for (int layer = 0; layer < shape.layers; ++layer) {
            const size_t inputs = a.value.size();
            const size_t outputs = static_cast<size_t>(shape.widths[layer + 1]);
            Streams z{Vector(outputs), Vector(outputs), Vector(outputs)};
            for (size_t j = 0; j < outputs; ++j) {
                const double* w = parameters.data() + offset + j * inputs;
                const Vector row(w, w + inputs);
                const double bias = parameters[offset + outputs * inputs + j];
                z.value[j] = dot(row, a.value, inputs) + bias;
                z.first[j] = dot(row, a.first, inputs);
                z.second[j] = dot(row, a.second, inputs);
                if (layer + 1 < shape.layers) {
                    const auto act = activation(static_cast<slicedscore::Activation>(shape.activation), z.value[j]);
                    const double z1 = z.first[j];
                    z.value[j] = act.value;
                    z.first[j] = act.first * z1;
                    z.second[j] = act.second * z1 * z1 + act.first * z.second[j];
                }
            }
            offset += outputs * (inputs + 1);
            a = z;
        }
        return a;
    }

    Vector unit(size_t i) const {
        Vector e(dimension(), 0.0);
        e[i] = 1;
        return e;
    }

    double value(const Vector& input) const {
        return along(input, unit(0)).value[0] - 0.5 * shape.base_precision * dot(input, input, dimension());
    }

    Vector score(const Vector& input) const {
        if (!energy()) {
            return along(input, unit(0)).value;
        }
        Vector s(dimension());
        for (size_t i = 0; i < s.size(); ++i) {
            s[i] = along(input, unit(i)).first[0] - shape.base_precision * input[i];
        }
        return s;
    }

    // v.J v
    double quadratic(const Vector& input, const Vector& v) const {
        const Streams streams = along(input, v);
        return energy() ? streams.second[0] - shape.base_precision * dot(v, v, dimension()) : dot(v, streams.first, dimension());
    }
};

// The loss of one sample; for denoising, slices[0] is the noise.
inline double loss(const Mlp& mlp, const ss_training& training, Vector input, const std::vector<Vector>& slices) {
    const size_t dimension = mlp.dimension();
    if (training.objective == SS_DSM) {
        for (size_t i = 0; i < dimension; ++i) {
            input[i] += training.sigma * slices[0][i];
        }
        Vector residual = mlp.score(input);
        for (size_t i = 0; i < dimension; ++i) {
            residual[i] += slices[0][i] / training.sigma;
        }
        return 0.5 * dot(residual, residual, dimension);
    }
    const Vector s = mlp.score(input);
    double sum = 0;
    if (training.objective == SS_EXACT) {
        for (size_t i = 0; i < dimension; ++i) {
            sum += mlp.quadratic(input, mlp.unit(i));
        }
        return sum + 0.5 * dot(s, s, dimension);
    }
    for (const Vector& v : slices) {
        const double p = dot(v, s, dimension);
        sum += mlp.quadratic(input, v) + (training.objective == SS_SSM ? 0.5 * p * p : 0);
    }
    sum /= static_cast<double>(slices.size());
    return training.objective == SS_SSM ? sum : sum + 0.5 * dot(s, s, dimension);
}

inline ss_network network(int32_t kind, int32_t activation, int32_t dimension, int32_t conditions, const std::vector<int>& hidden,
                          double basePrecision = 0) {
    ss_network shape{};
    shape.struct_size = sizeof shape;
    shape.kind = kind;
    shape.dimension = dimension;
    shape.conditions = conditions;
    shape.layers = static_cast<int32_t>(hidden.size()) + 1;
    shape.activation = activation;
    shape.base_precision = basePrecision;
    shape.widths[0] = dimension + conditions;
    for (size_t i = 0; i < hidden.size(); ++i) {
        shape.widths[i + 1] = hidden[i];
    }
    shape.widths[shape.layers] = kind == SS_ENERGY ? 1 : dimension;
    return shape;
}

inline ss_training training(int32_t objective, int32_t slices) {
    ss_training result{};
    result.struct_size = sizeof result;
    result.objective = objective;
    result.slices = slices;
    result.batch = 1;
    result.beta1 = 0.9;
    result.beta2 = 0.999;
    result.epsilon = 1e-8;
    result.sigma = 0.4;
    return result;
}

inline std::vector<float> normals(size_t count, std::mt19937& random, double scale = 1) {
    std::normal_distribution<float> normal(0, static_cast<float>(scale));
    std::vector<float> values(count);
    for (float& value : values) {
        value = normal(random);
    }
    return values;
}

// Weights that keep every layer's z of order 1, biases of order 1/2.
inline std::vector<float> parameters(const ss_network& shape, std::mt19937& random) {
    std::vector<float> result;
    for (int layer = 0; layer < shape.layers; ++layer) {
        const auto inputs = static_cast<size_t>(shape.widths[layer]);
        const auto outputs = static_cast<size_t>(shape.widths[layer + 1]);
        const auto weights = normals(inputs * outputs, random, 1 / std::sqrt(static_cast<double>(inputs)));
        const auto bias = normals(outputs, random, 0.5);
        result.insert(result.end(), weights.begin(), weights.end());
        result.insert(result.end(), bias.begin(), bias.end());
    }
    return result;
}

// Row number `row` of so many floats each.
inline Vector rowOf(const std::vector<float>& values, size_t row, size_t width) {
    const float* from = values.data() + row * width;
    return Vector(from, from + width);
}

}  // namespace reference
