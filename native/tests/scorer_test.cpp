// ss_scorer_*: values, scores and Jacobian products against double precision.

#include <cstring>

#include "check.h"
#include "mlp.h"

using reference::Vector;

namespace {

void succeeds(int32_t status) {
    if (status != SS_OK) {
        std::fprintf(stderr, "status %d: %s\n", status, ss_last_error());
        std::exit(1);
    }
}

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
    succeeds(ss_scorer_open(0, &shape, parameters.data(), maxRows, nullptr, nullptr, &scorer));
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

void refuses(int32_t status, const char* part) {
    if (status != SS_INVALID_ARGUMENT || std::strstr(ss_last_error(), part) == nullptr) {
        std::fprintf(stderr, "status %d, expected '%s': %s\n", status, part, ss_last_error());
        std::exit(1);
    }
}

void checkRefusals() {
    const ss_network shape = reference::network(SS_SCORE, SS_TANH, 2, 0, {4});
    const std::vector<float> zeros(64);
    std::vector<float> out(64);
    ss_scorer* scorer = nullptr;
    refuses(ss_scorer_open(0, &shape, nullptr, 1, nullptr, nullptr, &scorer), "parameters");
    succeeds(ss_scorer_open(0, &shape, zeros.data(), 1, nullptr, nullptr, &scorer));
    refuses(ss_scorer_evaluate(scorer, zeros.data(), 1, out.data(), nullptr), "no density");
    refuses(ss_scorer_evaluate(scorer, zeros.data(), 0, nullptr, out.data()), "0 rows");
    refuses(ss_scorer_evaluate(nullptr, zeros.data(), 1, nullptr, out.data()), "null");
    refuses(ss_scorer_jvp(scorer, zeros.data(), nullptr, 1, out.data()), "null");
    succeeds(ss_scorer_close(scorer));
    succeeds(ss_scorer_close(nullptr));
}

}  // namespace

int main() {
    int32_t devices = 0;
    if (ss_device_count(&devices) != SS_OK) {
        std::printf("skipped: %s\n", ss_last_error());
        return 77;
    }
    for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
        const double base = kind == SS_ENERGY ? 0.5 : 0;
        check(reference::network(kind, SS_SOFTPLUS, 3, 2, {9, 20}, base), 11, 11);
        check(reference::network(kind, SS_TANH, 2, 0, {}, base), 5, 2);      // one affine layer, in parts
        check(reference::network(kind, SS_GELU, 5, 1, {70}, base), 65, 30);  // over a tile, in parts
    }
    checkRefusals();
    std::printf("scorer: score and energy networks\n");
    return 0;
}
