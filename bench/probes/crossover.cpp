// Up to which width the fused kernels are faster than the layered ones: a training step of a score network with D = 2 and three
// hidden layers, on 1024 samples, by both in turn. native/src/fused_plan.cpp takes the fused ones wherever they fit.

#include <memory>

#include "probe.h"
#include "work.h"

using namespace timings;

namespace {

constexpr double CALL = 15e3;  // microseconds of steps in one call
constexpr int REPEATS = 5;
constexpr int WIDTHS[] = {64, 128, 192, 256};
constexpr int32_t PRECISIONS[] = {SS_FP32, SS_TF32, SS_BF16};
constexpr int32_t KERNELS[] = {SS_KERNELS_FUSED, SS_KERNELS_LAYERED};

class Contender {
public:
    Contender(const Config& config, int32_t precision, int32_t kernels) {
        try {
            training = std::make_unique<Training>(config, Computing{0, precision, kernels});
            training->steps(2);
        } catch (const Refused& e) {
            std::fprintf(stderr, "%s in %s is left out: %s\n", config.description().c_str(), wordOf(precision), e.what());
        }
    }

    bool fits() const { return training != nullptr; }

    void time() {
        if (fits()) {
            count = count == 0 ? training->stepsFor(CALL) : count;
            times.push_back(training->steps(count) / static_cast<double>(count));
        }
    }

    // Microseconds of a step; NaN if there are none.
    double step() const { return times.empty() ? NAN : median(times); }

private:
    std::unique_ptr<Training> training;
    int64_t count = 0;
    std::vector<double> times;
};

// What was predicted for the fused kernels; nothing where nobody did.
const char* predicted(int width, int32_t precision) {
    return width != 128 ? "-" : precision == SS_FP32 ? "18" : precision == SS_TF32 ? "15" : "14";
}

void printRow(int width, int32_t precision, const Contender& fused, const Contender& layered) {
    std::printf("| %d | %s | %s | %s | %s | %s |\n", width, wordOf(precision),
                fused.fits() ? probes::cell(fused.step()).c_str() : "does not fit", predicted(width, precision),
                probes::cell(layered.step()).c_str(), probes::cell(layered.step() / fused.step()).c_str());
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Training steps, fused against layered");
    std::vector<std::unique_ptr<Contender>> contenders;
    for (const int width : WIDTHS) {
        const Config config{"", Kind::Score, 2, probe.smoke ? width / 8 : width, 3, probe.smoke ? 9 : 1024};
        for (const int32_t precision : PRECISIONS) {
            for (const int32_t kernels : KERNELS) {
                contenders.push_back(std::make_unique<Contender>(config, precision, kernels));
            }
        }
    }
    for (int repeat = 0; repeat < (probe.smoke ? 0 : REPEATS); ++repeat) {
        for (const auto& contender : contenders) {
            contender->time();
        }
    }
    std::printf("| width | precision | fused, us/step | predicted | layered, us/step | layered / fused |\n"
                "| --- | --- | --- | --- | --- | --- |\n");
    size_t next = 0;
    for (const int width : WIDTHS) {
        for (const int32_t precision : PRECISIONS) {
            printRow(width, precision, *contenders[next], *contenders[next + 1]);
            next += 2;
        }
    }
    std::printf("\nScore networks, SSM-VR, D = 2, three hidden layers, batch 1024; 128 is G1, whose times bench/RESULTS.md predicts. That the\n"
                "fused kernels are the faster ones wherever they fit, up to 128 and in BF16 up to 256, is an estimate.\n");
    return 0;
}
