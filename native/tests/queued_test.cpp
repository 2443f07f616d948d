// ss_scorer_*_queued: in order with a stream of the caller's, which alone writes the inputs, overwrites them afterwards, and
// takes the results away.

#include "calls.h"
#include "mlp.h"
#include "stream.h"
#if defined(SS_EMULATED)
#include "emulation/control.h"
#endif

namespace {

constexpr size_t CALLS = 4;

struct Scene {
    ss_network network;
    std::vector<float> parameters;
    size_t rows;
    int64_t capacity;

    size_t dimension() const { return static_cast<size_t>(network.dimension); }
    size_t inputs() const { return rows * static_cast<size_t>(network.widths[0]); }
    size_t outputs() const { return rows * dimension(); }
    bool energy() const { return network.kind == SS_ENERGY; }
};

ss_scorer* openScorer(const Scene& scene) {
    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &scene.network, SS_FP32, SS_KERNELS_AUTO, scene.parameters.data(), scene.capacity, nullptr, nullptr, &scorer));
    return scorer;
}

// Scores and products of several calls one behind the other, all through the same arrays of the caller's.
void check(const Scene& scene, cudaStream_t stream) {
    std::mt19937 random(8);
    const auto rows = static_cast<int64_t>(scene.rows);
    const PinnedFloats inputs(reference::normals(CALLS * scene.inputs(), random));
    const PinnedFloats directions(reference::normals(CALLS * scene.outputs(), random));
    const PinnedFloats scores(CALLS * scene.outputs());
    const PinnedFloats products(CALLS * scene.outputs());
    const PinnedFloats values(CALLS * scene.rows);
    const DeviceArray<float> input(scene.inputs());
    const DeviceArray<float> direction(scene.outputs());
    const DeviceArray<float> output(scene.outputs());
    const DeviceArray<float> value(scene.rows);
    ss_scorer* const scorer = openScorer(scene);
    for (size_t i = 0; i < CALLS; ++i) {
        queueCopy(input.get(), inputs.get() + i * scene.inputs(), scene.inputs(), stream);
        queueCopy(direction.get(), directions.get() + i * scene.outputs(), scene.outputs(), stream);
        succeeds(ss_scorer_evaluate_queued(scorer, stream, input.get(), rows, scene.energy() ? value.get() : nullptr, output.get()));
        queueCopy(scores.get() + i * scene.outputs(), output.get(), scene.outputs(), stream);
        if (scene.energy()) {
            queueCopy(values.get() + i * scene.rows, value.get(), scene.rows, stream);
        }
        queueSpoiling(output.get(), scene.outputs(), stream);
        succeeds(ss_scorer_jvp_queued(scorer, stream, input.get(), direction.get(), rows, output.get()));
        queueCopy(products.get() + i * scene.outputs(), output.get(), scene.outputs(), stream);
        queueSpoiling(input.get(), scene.inputs(), stream);
        queueSpoiling(direction.get(), scene.outputs(), stream);
        queueSpoiling(output.get(), scene.outputs(), stream);
    }
    CHECK_CUDA(cudaStreamSynchronize(stream));

    for (size_t i = 0; i < CALLS; ++i) {
        std::vector<float> expectedScores(scene.outputs());
        std::vector<float> expectedProducts(scene.outputs());
        std::vector<float> expectedValues(scene.rows);
        const float* const x = inputs.get() + i * scene.inputs();
        succeeds(ss_scorer_evaluate(scorer, x, rows, scene.energy() ? expectedValues.data() : nullptr, expectedScores.data()));
        succeeds(ss_scorer_jvp(scorer, x, directions.get() + i * scene.outputs(), rows, expectedProducts.data()));
        for (size_t j = 0; j < scene.outputs(); ++j) {
            CHECK(scores[i * scene.outputs() + j] == expectedScores[j]);
            CHECK(products[i * scene.outputs() + j] == expectedProducts[j]);
        }
        for (size_t j = 0; j < scene.rows && scene.energy(); ++j) {
            CHECK(values[i * scene.rows + j] == expectedValues[j]);
        }
    }
    succeeds(ss_scorer_close(scorer));
}

// Closing waits: the memory of a scorer is not taken from queued work.
void checkClose(const Scene& scene) {
    std::mt19937 random(9);
    const auto rows = static_cast<int64_t>(scene.rows);
    const auto inputs = reference::normals(scene.inputs(), random);
    const DeviceArray<float> device(inputs);
    const DeviceArray<float> output(scene.outputs());
    std::vector<float> expected(scene.outputs());
    CallerStream stream;
    ss_scorer* scorer = openScorer(scene);
    succeeds(ss_scorer_evaluate(scorer, inputs.data(), rows, nullptr, expected.data()));
    succeeds(ss_scorer_evaluate_queued(scorer, stream.get(), device.get(), rows, nullptr, output.get()));
    succeeds(ss_scorer_close(scorer));
    const PinnedFloats result(scene.outputs());
    queueCopy(result.get(), output.get(), scene.outputs(), stream.get());
    stream.synchronize();
    for (size_t i = 0; i < expected.size(); ++i) {
        CHECK(result[i] == expected[i]);
    }
}

void checkRefusals(const Scene& scene) {
    std::vector<float> host(scene.inputs());
    const DeviceArray<float> device(scene.inputs());
    ss_scorer* const scorer = openScorer(scene);
    refuses(ss_scorer_evaluate_queued(scorer, nullptr, host.data(), 1, nullptr, device.get()), "not on a device");
    refuses(ss_scorer_evaluate_queued(scorer, nullptr, device.get(), 1, nullptr, host.data()), "not on a device");
    refuses(ss_scorer_evaluate_queued(scorer, nullptr, nullptr, 1, nullptr, device.get()), "null");
    refuses(ss_scorer_evaluate_queued(scorer, nullptr, device.get(), 0, nullptr, device.get()), "0 rows");
    refuses(ss_scorer_jvp_queued(scorer, nullptr, device.get(), host.data(), 1, device.get()), "not on a device");
    refuses(ss_scorer_jvp_queued(scorer, nullptr, device.get(), nullptr, 1, device.get()), "null");
    refuses(ss_scorer_jvp_queued(scorer, nullptr, device.get(), device.get(), -1, device.get()), "-1 rows");
    // The caller's own capture goes on.
    CallerStream stream;
    cudaGraph_t graph = nullptr;
    CHECK_CUDA(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
    refuses(ss_scorer_evaluate_queued(scorer, stream.get(), device.get(), 1, nullptr, device.get()), "being captured");
    refuses(ss_scorer_jvp_queued(scorer, stream.get(), device.get(), device.get(), 1, device.get()), "being captured");
    CHECK_CUDA(cudaStreamEndCapture(stream.get(), &graph));
    CHECK_CUDA(cudaGraphDestroy(graph));
    succeeds(ss_scorer_close(scorer));
}

#if defined(SS_EMULATED)
// A thread that has chosen another device has it still after every call, and handles are freed on their own.
void checkCurrentDevice(const Scene& scene) {
    CHECK(ss_emulation_set("devices", "2") == 0);
    CHECK_CUDA(cudaSetDevice(1));
    const auto stillThere = [] {
        int device = -1;
        CHECK_CUDA(cudaGetDevice(&device));
        return device == 1;
    };
    std::vector<float> host(scene.inputs());
    std::vector<float> scores(scene.outputs());
    int64_t free = 0;
    int64_t total = 0;
    ss_scorer* const scorer = openScorer(scene);
    CHECK(stillThere());
    succeeds(ss_scorer_evaluate(scorer, host.data(), 1, nullptr, scores.data()));
    CHECK(stillThere());
    succeeds(ss_memory(0, &free, &total));
    CHECK(free < total && stillThere());
    succeeds(ss_device_check(0));
    CHECK(stillThere());
    succeeds(ss_scorer_close(scorer));
    CHECK(stillThere());
    CHECK_CUDA(cudaSetDevice(0));
    CHECK(ss_emulation_set("devices", "1") == 0);
}
#endif

}  // namespace

int main() {
    requireLibraryDevice();
    for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
        std::mt19937 random(4);
        Scene scene{reference::network(kind, SS_TANH, 3, 2, {9, 5}), {}, 7, 3};  // a call is several passes
        scene.parameters = reference::parameters(scene.network, random);
        {
            CallerStream stream;
            check(scene, stream.get());
        }
        check(scene, nullptr);
        checkClose(scene);
        checkRefusals(scene);
#if defined(SS_EMULATED)
        checkCurrentDevice(scene);
#endif
    }
    checkNothingLives();
    std::printf("queued calls: in order with the caller's stream\n");
    return 0;
}
