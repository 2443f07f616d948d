// Objectives and scorers against values of PyTorch's automatic differentiation in double precision, in the folder that the
// command line names, in every precision that the device has. Tolerances of single precision as in Java's oracle.EngineCheck;
// those of the others are what rounded factors cost, from the figures that this test prints.

#include <algorithm>
#include <filesystem>

#include "calls.h"
#include "errors.h"
#include "mlp.h"
#include "safetensors.h"

namespace {

// Outputs, products and losses relative to the largest absolute value, gradients in the Euclidean norm.
struct Tolerance {
    double output, medianOutput;
    double gradient, medianGradient;
};

struct Way {
    const char* name;
    int32_t precision, kernels;
    Tolerance tolerance;
};

constexpr Way WAYS[] = {
    {"fp32, layered", SS_FP32, SS_KERNELS_LAYERED, {1e-4, 1e-4, 1e-5, 1e-5}},
    {"tf32, layered", SS_TF32, SS_KERNELS_LAYERED, {1e-2, 1e-3, 5e-3, 1.5e-3}},
    {"bf16, layered", SS_BF16, SS_KERNELS_LAYERED, {6e-2, 8e-3, 4e-2, 1.5e-2}},
    {"fp32, fused", SS_FP32, SS_KERNELS_FUSED, {1e-4, 1e-4, 1e-5, 1e-5}},
    {"tf32, fused", SS_TF32, SS_KERNELS_FUSED, {1e-2, 1e-3, 5e-3, 1.5e-3}},
    {"bf16, fused", SS_BF16, SS_KERNELS_FUSED, {6e-2, 8e-3, 4e-2, 1.5e-2}},
};

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

// Errors of one kind over all cases.
class Errors {
public:
    explicit Errors(double most) : tolerance(most) {}

    void add(double error, const std::string& what) {
        requireSmall(error, tolerance, what);
        all.push_back(error);
    }

    double worst() const { return *std::max_element(all.begin(), all.end()); }
    double median() {
        const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
        std::nth_element(all.begin(), middle, all.end());
        return *middle;
    }

private:
    const double tolerance;
    std::vector<double> all;
};

// What a precision's kernels make of all cases.
struct Trial {
    explicit Trial(const Way& how) : way(how), outputs(how.tolerance.output), gradients(how.tolerance.gradient) {}

    void report() {
        std::printf("golden, %s: outputs worst %.1e, median %.1e; gradients worst %.1e, median %.1e; %d did not fit\n", way.name,
                    outputs.worst(), outputs.median(), gradients.worst(), gradients.median(), misfits);
        requireSmall(outputs.median(), way.tolerance.medianOutput, std::string(way.name) + " median of outputs");
        requireSmall(gradients.median(), way.tolerance.medianGradient, std::string(way.name) + " median of gradients");
    }

    // Whether something was opened. Not everything fits in the fused kernels.
    bool opened(int32_t status) {
        if (status == SS_INVALID_ARGUMENT && way.kernels == SS_KERNELS_FUSED) {
            ++misfits;
            return false;
        }
        succeeds(status);
        return true;
    }

    const Way& way;
    Errors outputs, gradients;
    int misfits = 0;
};

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

    void checkScorer(Trial& trial) const {
        std::vector<float> values(rows);
        std::vector<float> scores(rows * dimension());
        ss_scorer* scorer = nullptr;
        if (!trial.opened(ss_scorer_open(0, &network, trial.way.precision, trial.way.kernels, parameters.data(), 4, nullptr, nullptr,
                                         &scorer))) {
            return;
        }
        const bool energy = network.kind == SS_ENERGY;
        succeeds(ss_scorer_evaluate(scorer, inputs.data(), count(), energy ? values.data() : nullptr, scores.data()));
        checkOutput(trial, scores, "score", "score");
        if (energy) {
            checkOutput(trial, values, "value", "value");
        }
        const std::vector<float> slices = narrow(file.tensor("v"));
        std::vector<float> products(slices.size());
        for (size_t from = 0; from < slices.size(); from += scores.size()) {
            succeeds(ss_scorer_jvp(scorer, inputs.data(), slices.data() + from, count(), products.data() + from));
        }
        checkOutput(trial, products, "jvp", "J v");
        succeeds(ss_scorer_close(scorer));
    }

    void checkObjectives(Trial& trial) const {
        for (int32_t which = SS_SSM; which <= SS_DSM; ++which) {
            const std::string objectiveName = OBJECTIVES[which];
            ss_training training = reference::training(which, std::stoi(file.text("slices")));
            training.sigma = file.tensor("sigma")[0];
            training.precision = trial.way.precision;
            training.kernels = trial.way.kernels;
            const std::vector<float> slices = narrow(file.tensor(which == SS_DSM ? "noise" : "v"));
            std::vector<double> losses(rows);
            std::vector<float> gradient(parameters.size());
            ss_objective* objective = nullptr;
            if (!trial.opened(ss_objective_open(0, &network, &training, count(), &objective))) {
                continue;
            }
            succeeds(ss_objective_evaluate(objective, parameters.data(), inputs.data(), slices.data(), count(), losses.data(),
                                           gradient.data()));
            succeeds(ss_objective_close(objective));
            checkOutput(trial, losses, "per_sample." + objectiveName, "losses of " + objectiveName);
            trial.gradients.add(errorOfNorm(gradient, flat("grad." + objectiveName + ".")),
                                describe(trial, "gradient of " + objectiveName));
        }
    }

private:
    std::string describe(const Trial& trial, const std::string& what) const { return name + ", " + trial.way.name + ": " + what; }

    template <typename T>
    void checkOutput(Trial& trial, const std::vector<T>& actual, const std::string& tensor, const std::string& what) const {
        trial.outputs.add(errorOfScale(actual, file.tensor(tensor)), describe(trial, what));
    }

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
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
        if (entry.path().extension() == ".safetensors") {
            cases.emplace_back(entry.path().string());
        }
    }
    CHECK(!cases.empty());
    for (const Way& way : WAYS) {
        if (!hasPrecision(way.precision)) {
            continue;
        }
        Trial trial(way);
        for (const Case& golden : cases) {
            golden.checkScorer(trial);
            golden.checkObjectives(trial);
        }
        CHECK(static_cast<size_t>(trial.misfits) < 2 * cases.size());  // of five things that are opened in each
        trial.report();
    }
    checkNothingLives();
    std::printf("golden: %zu cases\n", cases.size());
    return 0;
}
