// ss_scorer_*: values, scores and Jacobian products against double precision, in the network's units and in others.

#include "calls.h"
#include "mlp.h"

using reference::Vector;

namespace {

// J v by central differences of the score, which has no second derivatives in it.
Vector product(const reference::Mlp& mlp, const Vector& input, const Vector& v) {
    constexpr double STEP = 1e-5;
    Vector above = input;
    Vector below = input;
    for (size_t i = 0; i < v.size(); ++i) {
        above[i] += STEP * v[i];
        below[i] -= STEP * v[i];
    }
    Vector result = mlp.score(above);
    const Vector lower = mlp.score(below);
    for (size_t i = 0; i < v.size(); ++i) {
        result[i] = (result[i] - lower[i]) / (2 * STEP);
    }
    return result;
}

void check(const ss_network& shape, size_t rows, int64_t maxRows) {
    std::mt19937 random(3);
    const auto dimension = static_cast<size_t>(shape.dimension);
    const auto width = static_cast<size_t>(shape.widths[0]);
    const auto parameters = reference::parameters(shape, random);
    const auto inputs = reference::normals(rows * width, random);
    const auto directions = reference::normals(rows * dimension, random);
    const reference::Mlp mlp{shape, Vector(parameters.begin(), parameters.end())};

    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_AUTO, parameters.data(), maxRows, nullptr, nullptr, &scorer));
    std::vector<float> values(rows);
    std::vector<float> scores(rows * dimension);
    std::vector<float> products(rows * dimension);
    const auto count = static_cast<int64_t>(rows);
    succeeds(ss_scorer_evaluate(scorer, inputs.data(), count, mlp.energy() ? values.data() : nullptr, scores.data()));
    succeeds(ss_scorer_jvp(scorer, inputs.data(), directions.data(), count, products.data()));
    for (size_t n = 0; n < rows; ++n) {
        const Vector input = reference::rowOf(inputs, n, width);
        const Vector score = mlp.score(input);
        const Vector expected = product(mlp, input, reference::rowOf(directions, n, dimension));
        for (size_t i = 0; i < dimension; ++i) {
            CHECK_CLOSE(scores[n * dimension + i], score[i], 1e-5);
            CHECK_CLOSE(products[n * dimension + i], expected[i], 2e-5);
        }
        if (mlp.energy()) {
            CHECK_CLOSE(values[n], mlp.value(input), 1e-5);
        }
    }
    // One of the two alone, and again after the products.
    if (mlp.energy()) {
        std::vector<float> alone(rows);
        succeeds(ss_scorer_evaluate(scorer, inputs.data(), count, alone.data(), nullptr));
        CHECK(alone == values);
    }
    std::vector<float> again(rows * dimension);
    succeeds(ss_scorer_evaluate(scorer, inputs.data(), count, nullptr, again.data()));
    CHECK(again == scores);
    succeeds(ss_scorer_close(scorer));
}

// y = (x - shift) / scale by the chain rule: f(y) - sum log scale, s(y) / scale, J (v / scale) / scale.
void checkUnits(const ss_network& shape, size_t rows, int64_t maxRows) {
    std::mt19937 random(12);
    const auto dimension = static_cast<size_t>(shape.dimension);
    const auto width = static_cast<size_t>(shape.widths[0]);
    const auto parameters = reference::parameters(shape, random);
    const reference::Mlp mlp{shape, Vector(parameters.begin(), parameters.end())};
    Vector shift(width);
    Vector scale(width);
    double logScale = 0;
    std::vector<float> inputs = reference::normals(rows * width, random);
    const auto directions = reference::normals(rows * dimension, random);
    for (size_t i = 0; i < width; ++i) {
        shift[i] = 100.0 * static_cast<double>(i) - 30;
        scale[i] = std::pow(3.0, static_cast<double>(i) - 1.5);
        logScale += i < dimension ? std::log(scale[i]) : 0;
        for (size_t n = 0; n < rows; ++n) {
            inputs[n * width + i] = static_cast<float>(shift[i] + scale[i] * inputs[n * width + i]);
        }
    }
    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_AUTO, parameters.data(), maxRows, shift.data(), scale.data(), &scorer));
    std::vector<float> values(rows);
    std::vector<float> scores(rows * dimension);
    std::vector<float> products(rows * dimension);
    const auto count = static_cast<int64_t>(rows);
    succeeds(ss_scorer_evaluate(scorer, inputs.data(), count, mlp.energy() ? values.data() : nullptr, scores.data()));
    succeeds(ss_scorer_jvp(scorer, inputs.data(), directions.data(), count, products.data()));
    for (size_t n = 0; n < rows; ++n) {
        Vector input = reference::rowOf(inputs, n, width);
        Vector direction = reference::rowOf(directions, n, dimension);
        for (size_t i = 0; i < width; ++i) {
            input[i] = (input[i] - shift[i]) / scale[i];
        }
        for (size_t i = 0; i < dimension; ++i) {
            direction[i] /= scale[i];
        }
        const Vector score = mlp.score(input);
        const Vector expected = product(mlp, input, direction);
        for (size_t i = 0; i < dimension; ++i) {
            CHECK_CLOSE(scores[n * dimension + i], score[i] / scale[i], 2e-5);
            CHECK_CLOSE(products[n * dimension + i], expected[i] / scale[i], 4e-5);
        }
        if (mlp.energy()) {
            CHECK_CLOSE(values[n], mlp.value(input) - logScale, 2e-5);
        }
    }
    succeeds(ss_scorer_close(scorer));
}

void checkRefusals() {
    const ss_network shape = reference::network(SS_SCORE, SS_TANH, 2, 0, {4});
    const std::vector<float> zeros(64);
    std::vector<float> out(64);
    ss_scorer* scorer = nullptr;
    refuses(ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_AUTO, nullptr, 1, nullptr, nullptr, &scorer), "parameters");
    succeeds(ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_AUTO, zeros.data(), 1, nullptr, nullptr, &scorer));
    refuses(ss_scorer_evaluate(scorer, zeros.data(), 1, out.data(), nullptr), "no density");
    refuses(ss_scorer_evaluate(scorer, zeros.data(), 0, nullptr, out.data()), "0 rows");
    refuses(ss_scorer_evaluate(nullptr, zeros.data(), 1, nullptr, out.data()), "null");
    refuses(ss_scorer_jvp(scorer, zeros.data(), nullptr, 1, out.data()), "null");
    succeeds(ss_scorer_close(scorer));
    succeeds(ss_scorer_close(nullptr));
    const double good[2] = {1, 2};
    const auto open = [&](const double* shift, const double* scale) {
        return ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_AUTO, zeros.data(), 1, shift, scale, &scorer);
    };
    refuses(open(good, nullptr), "both or not at all");
    refuses(open(nullptr, good), "both or not at all");
    for (const double bad : {0.0, -1.0, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
        const double scale[2] = {1, bad};
        refuses(open(good, scale), "column 1");
    }
    const double shift[2] = {NAN, 0};
    refuses(open(shift, good), "column 0");
    CHECK(scorer == nullptr);
}

}  // namespace

int main() {
    requireLibraryDevice();
    for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
        const double base = kind == SS_ENERGY ? 0.5 : 0;
        check(reference::network(kind, SS_SOFTPLUS, 3, 2, {9, 20}, base), 11, 11);
        check(reference::network(kind, SS_TANH, 2, 0, {}, base), 5, 2);      // one affine layer, in parts
        check(reference::network(kind, SS_GELU, 5, 1, {70}, base), 65, 30);  // over a tile, in parts
        checkUnits(reference::network(kind, SS_SOFTPLUS, 3, 2, {9, 20}, base), 11, 4);
    }
    checkRefusals();
    checkNothingLives();
    std::printf("scorer: score and energy networks\n");
    return 0;
}
