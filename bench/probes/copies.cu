// How fast bytes move at most: copies on the device, within the L2 cache and beyond it, and from pinned memory of the host.

#include "probe.h"

namespace {

constexpr size_t MEGABYTE = 1 << 20;

// Of the device's bytes, both read and written ones are counted.
void printRow(const probes::Probe& probe, const char* what, size_t bytes, const char* source, const char* predicted, bool onDevice) {
    const DeviceArray<char> target(bytes);
    CHECK_CUDA(cudaMemsetAsync(target.get(), 0, bytes, probe.queue()));
    const double time = probe.microseconds([&](int count) {
        for (int i = 0; i < count; ++i) {
            CHECK_CUDA(cudaMemcpyAsync(target.get(), source, bytes, cudaMemcpyDefault, probe.queue()));
        }
    });
    for (const size_t place : {size_t{0}, bytes / 2, bytes - 1}) {
        char found = 0;
        CHECK_CUDA(cudaMemcpy(&found, target.get() + place, 1, cudaMemcpyDeviceToHost));
        CHECK(found == 1);
    }
    std::printf("| %s | %.3g | %s | %s | %s |\n", what, static_cast<double>(bytes) / MEGABYTE, probes::cell(time).c_str(),
                probes::cell((onDevice ? 2 : 1) * static_cast<double>(bytes) / time / 1e3).c_str(), predicted);
}

void copyOnDevice(const probes::Probe& probe, size_t bytes, const char* predicted) {
    const DeviceArray<char> source(bytes);
    CHECK_CUDA(cudaMemsetAsync(source.get(), 1, bytes, probe.queue()));
    printRow(probe, "on the device", bytes, source.get(), predicted, true);
}

void copyFromHost(const probes::Probe& probe, size_t bytes, const char* predicted) {
    const PinnedFloats source(bytes / sizeof(float));
    std::memset(source.get(), 1, bytes);
    printRow(probe, "from the host", bytes, reinterpret_cast<const char*>(source.get()), predicted, false);
}

}  // namespace

int main(int count, char** arguments) {
    const probes::Probe probe(count, arguments, "Copies");
    std::printf("| copy | MB | us | GB/s | predicted |\n| --- | --- | --- | --- | --- |\n");
    const size_t unit = probe.smoke ? 64 : MEGABYTE;
    copyOnDevice(probe, 8 * unit, "5500");
    copyOnDevice(probe, 32 * unit, "5500, or less");
    copyOnDevice(probe, 1024 * unit, "3350; 4800");
    copyFromHost(probe, 32 * unit, "64");
    copyFromHost(probe, 256 * unit, "64");
    std::printf("\nOn the device, bytes read and bytes written are counted. Predicted: an H100's L2 cache of 50 MB as others published it, which\n"
                "32 MB twice are more than; an H100's and an H200's memory, and PCIe 5.0 with 16 lanes, by their data sheets: peaks.\n");
    return 0;
}
