// Objectives and scorers against values of PyTorch's automatic differentiation in double precision, in the folder that the
// command line names. Tolerances as in Java's oracle.EngineCheck.

#include <algorithm>
#include <filesystem>

#include "calls.h"
#include "mlp.h"
#include "safetensors.h"

namespace {

constexpr double OUTPUT = 1e-4;    // of the largest absolute value
constexpr double GRADIENT = 1e-5;  // relative, in the Euclidean norm
constexpr const char* OBJECTIVES[] = {"ssm", "ssm_vr", "exact", "dsm"};  // by code
constexpr const char* ACTIVATIONS[] = {"softplus", "tanh", "silu", "gelu", "sigmoid", "sin", "elu", "relu"};

std::vector<float> narrow(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

void requireSmall(double error, double tolerance, const std::string& what) {
    if (!(error <= tolerance)) {
        std::fprintf(stderr, "%s: error %.3g, at most %.3g expected\n", what.c_str(), error, tolerance);
        std::exit(1);
    }
}

template <typename T>
void checkOfScale(const std::vector<T>& actual, const std::vector<double>& expected, const std::string& what) {
    CHECK(actual.size() == expected.size());
    double error = 0;
    double scale = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::fabs(static_cast<double>(actual[i]) - expected[i]);
        error = difference <= error ? error : difference;  // NaN stays
        scale = std::max(scale, std::fabs(expected[i]));
    }
    requireSmall(error == 0 ? 0 : error / scale, OUTPUT, what);
}

void checkNorm(const std::vector<float>& actual, const std::vector<double>& expected, const std::string& what) {
    CHECK(actual.size() == expected.size());
    double error = 0;
    double norm = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        norm += expected[i] * expected[i];
    }
    requireSmall(error == 0 ? 0 : std::sqrt(error / norm), GRADIENT, what);
}

int32_t code(const char* const* first, const char* const* last, const std::string& text) {
    const auto found = std::find(first, last, text);
    CHECK(found != last);
    return static_cast<int32_t>(found - first);
}

class Case {
public:
    explicit Case(const std::string& path) : name(path), file(path) {
        std::vector<int> hidden;
        const std::string& widths = file.text("hidden");
        for (size_t from = 0; from < widths.size(); from = widths.find_first_of(',', from) == std::string::npos
                                                               ? widths.size()
                                                               : widths.find_first_of(',', from) + 1) {
            hidden.push_back(std::stoi(widths.substr(from)));
        }
        const double base = std::stod(file.text("base"));
        network = reference::network(file.text("kind") == "energy" ? SS_ENERGY : SS_SCORE,
                                     code(std::begin(ACTIVATIONS), std::end(ACTIVATIONS), file.text("activation")),
                                     std::stoi(file.text("dim")), std::stoi(file.text("condition")), hidden,
                                     base > 0 ? 1 / (base * base) : 0);
        parameters = narrow(flat(""));
        interleave();
    }

    void checkScorer() const {
        std::vector<float> values(rows);
        std::vector<float> scores(rows * dimension());
        ss_scorer* scorer = nullptr;
        succeeds(ss_scorer_open(0, &network, SS_FP32, SS_KERNELS_AUTO, parameters.data(), 4, nullptr, nullptr, &scorer));
        const bool energy = network.kind == SS_ENERGY;
        succeeds(ss_scorer_evaluate(scorer, inputs.data(), count(), energy ? values.data() : nullptr, scores.data()));
        checkOfScale(scores, file.tensor("score"), name + " score");
        if (energy) {
            checkOfScale(values, file.tensor("value"), name + " value");
        }
        const std::vector<float> slices = narrow(file.tensor("v"));
        std::vector<float> products(slices.size());
        for (size_t from = 0; from < slices.size(); from += scores.size()) {
            succeeds(ss_scorer_jvp(scorer, inputs.data(), slices.data() + from, count(), products.data() + from));
        }
        checkOfScale(products, file.tensor("jvp"), name + " J v");
        succeeds(ss_scorer_close(scorer));
    }

    void checkObjectives() const {
        for (int32_t which = SS_SSM; which <= SS_DSM; ++which) {
            const std::string objectiveName = OBJECTIVES[which];
            ss_training training = reference::training(which, std::stoi(file.text("slices")));
            training.sigma = file.tensor("sigma")[0];
            const std::vector<float> slices = narrow(file.tensor(which == SS_DSM ? "noise" : "v"));
            std::vector<double> losses(rows);
            std::vector<float> gradient(parameters.size());
            ss_objective* objective = nullptr;
            succeeds(ss_objective_open(0, &network, &training, count(), &objective));
            succeeds(ss_objective_evaluate(objective, parameters.data(), inputs.data(), slices.data(), count(), losses.data(),
                                           gradient.data()));
            succeeds(ss_objective_close(objective));
            checkOfScale(losses, file.tensor("per_sample." + objectiveName), name + " losses of " + objectiveName);
            checkNorm(gradient, flat("grad." + objectiveName + "."), name + " gradient of " + objectiveName);
        }
    }

private:
    size_t dimension() const { return static_cast<size_t>(network.dimension); }
    int64_t count() const { return static_cast<int64_t>(rows); }

    std::vector<double> flat(const std::string& prefix) const {
        std::vector<double> result;
        for (int32_t layer = 0; layer < network.layers; ++layer) {
            for (const char* part : {".weight", ".bias"}) {
                const std::vector<double>& tensor = file.tensor(prefix + "layers." + std::to_string(layer) + part);
                result.insert(result.end(), tensor.begin(), tensor.end());
            }
        }
        return result;
    }

    // Rows [x, c] from rows x and rows c.
    void interleave() {
        const std::vector<double>& x = file.tensor("x");
        const auto conditions = static_cast<size_t>(network.conditions);
        rows = x.size() / dimension();
        for (size_t n = 0; n < rows; ++n) {
            for (size_t i = 0; i < dimension(); ++i) {
                inputs.push_back(static_cast<float>(x[n * dimension() + i]));
            }
            for (size_t i = 0; i < conditions; ++i) {
                inputs.push_back(static_cast<float>(file.tensor("condition")[n * conditions + i]));
            }
        }
    }

    std::string name;
    SafeTensors file;
    ss_network network{};
    std::vector<float> parameters, inputs;
    size_t rows = 0;
};

}  // namespace

int main(int argumentCount, char** arguments) {
    if (argumentCount != 2) {
        std::fprintf(stderr, "usage: %s FOLDER, which holds the golden cases\n", arguments[0]);
        return 2;
    }
    requireLibraryDevice();
    int cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
        if (entry.path().extension() == ".safetensors") {
            const Case golden(entry.path().string());
            golden.checkScorer();
            golden.checkObjectives();
            ++cases;
        }
    }
    CHECK(cases > 0);
    checkNothingLives();
    std::printf("golden: %d cases\n", cases);
    return 0;
}
