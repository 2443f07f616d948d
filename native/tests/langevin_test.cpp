// ss_scorer_langevin against the formula in double precision, with numbers drawn by their address; passes, resumes and
// positions change no bit.

#include <algorithm>

#include "calls.h"
#include "draws.h"
#include "mlp.h"

using reference::Drawer;
using reference::Vector;
using slicedscore::RandomStream;

namespace {

constexpr uint64_t SEED = 0xFEDCBA9876543210ull;

ss_scorer* openScorer(const ss_network& network, const std::vector<float>& parameters, int64_t capacity) {
    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &network, SS_FP32, SS_KERNELS_AUTO, parameters.data(), capacity, nullptr, nullptr, &scorer));
    return scorer;
}

void check(const ss_network& network, size_t chains, int64_t capacity, int64_t first) {
    std::mt19937 random(6);
    const auto dimension = static_cast<size_t>(network.dimension);
    const auto width = static_cast<size_t>(network.widths[0]);
    const auto parameters = reference::parameters(network, random);
    const reference::Mlp mlp{network, Vector(parameters.begin(), parameters.end())};
    const auto begin = reference::normals(chains * width, random);
    const std::vector<double> sizes = {0.2, 0.05, 0, 0.01};
    const auto count = static_cast<int64_t>(chains);

    ss_scorer* const scorer = openScorer(network, parameters, capacity);
    std::vector<float> result = begin;
    succeeds(ss_scorer_langevin(scorer, result.data(), count, sizes.data(), 4, SEED, first));
    for (size_t n = 0; n < chains; ++n) {
        Vector x = reference::rowOf(begin, n, width);
        for (size_t t = 0; t < sizes.size(); ++t) {
            const Drawer drawer{SEED, static_cast<uint32_t>(n), static_cast<uint32_t>(first) + static_cast<uint32_t>(t) + 1};
            const Vector score = mlp.score(x);
            for (size_t i = 0; i < dimension; ++i) {
                x[i] += 0.5 * sizes[t] * score[i] + std::sqrt(sizes[t]) * drawer.normalAt(i, RandomStream::Sampler, 0);
            }
        }
        for (size_t i = 0; i < width; ++i) {
            CHECK_CLOSE(result[n * width + i], x[i], 1e-5);
        }
        // Conditions stay as they are.
        CHECK(std::equal(begin.begin() + static_cast<std::ptrdiff_t>(n * width + dimension),
                         begin.begin() + static_cast<std::ptrdiff_t>((n + 1) * width),
                         result.begin() + static_cast<std::ptrdiff_t>(n * width + dimension)));
    }

    // All at once, and in two calls.
    ss_scorer* const wide = openScorer(network, parameters, count);
    std::vector<float> again = begin;
    succeeds(ss_scorer_langevin(wide, again.data(), count, sizes.data(), 1, SEED, first));
    succeeds(ss_scorer_langevin(wide, again.data(), count, sizes.data() + 1, 3, SEED, first + 1));
    CHECK(again == result);
    succeeds(ss_scorer_close(scorer));
    succeeds(ss_scorer_close(wide));
}

// More steps than are queued before the host waits for them; with a zero score, a sum of the noise.
void checkManySteps() {
    const ss_network network = reference::network(SS_SCORE, SS_TANH, 2, 0, {});
    const std::vector<float> parameters(6, 0.0f);
    const std::vector<double> sizes(70, 0.25);
    std::vector<float> chain(2, 0.0f);
    ss_scorer* const scorer = openScorer(network, parameters, 1);
    succeeds(ss_scorer_langevin(scorer, chain.data(), 1, sizes.data(), 70, SEED, 0));
    for (size_t i = 0; i < 2; ++i) {
        double sum = 0;
        for (uint32_t t = 0; t < 70; ++t) {
            sum += 0.5 * Drawer{SEED, 0, t + 1}.normalAt(i, RandomStream::Sampler, 0);
        }
        CHECK_CLOSE(chain[i], sum, 1e-5);
    }
    succeeds(ss_scorer_close(scorer));
}

void checkRefusals() {
    const ss_network network = reference::network(SS_SCORE, SS_TANH, 2, 0, {});
    const std::vector<float> parameters(6, 0.0f);
    const double units[2] = {1, 1};
    double sizes[2] = {0.1, 0.1};
    std::vector<float> chain(2, 0.0f);
    ss_scorer* scorer = openScorer(network, parameters, 1);
    const auto steps = [&](int64_t count, int64_t number, int64_t first) {
        return ss_scorer_langevin(scorer, chain.data(), count, sizes, number, 1, first);
    };
    refuses(ss_scorer_langevin(nullptr, chain.data(), 1, sizes, 1, 1, 0), "null");
    refuses(ss_scorer_langevin(scorer, nullptr, 1, sizes, 1, 1, 0), "null");
    refuses(ss_scorer_langevin(scorer, chain.data(), 1, nullptr, 1, 1, 0), "null");
    refuses(steps(0, 1, 0), "0 chains");
    refuses(steps(int64_t{1} << 32, 1, 0), "chains");
    refuses(steps(1, 0, 0), "0 steps");
    refuses(steps(1, 1, -1), "from -1 on");
    sizes[1] = -0.1;
    refuses(steps(1, 2, 0), "step 1 has no size");
    sizes[1] = NAN;
    refuses(steps(1, 2, 0), "step 1 has no size");
    succeeds(ss_scorer_close(scorer));
    succeeds(ss_scorer_open(0, &network, SS_FP32, SS_KERNELS_AUTO, parameters.data(), 1, units, units, &scorer));
    refuses(steps(1, 1, 0), "units");
    succeeds(ss_scorer_close(scorer));
    CHECK(chain[0] == 0 && chain[1] == 0);
}

}  // namespace

int main() {
    requireLibraryDevice();
    check(reference::network(SS_SCORE, SS_SOFTPLUS, 3, 2, {9}), 7, 3, 0);
    check(reference::network(SS_ENERGY, SS_TANH, 5, 1, {7, 4}, 0.5), 5, 5, 1000);
    check(reference::network(SS_SCORE, SS_SILU, 130, 0, {3}), 2, 1, 3);  // a second round of a warp
    checkManySteps();
    checkRefusals();
    checkNothingLives();
    std::printf("langevin: score and energy networks\n");
    return 0;
}
