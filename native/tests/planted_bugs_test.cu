// Plants the usual mistakes of CUDA programs, one at a time, in small copies of what kernels and host code do, and sees that
// at least one configuration of the emulation shows each, and none complains about the correct program.
//
// Without arguments it starts itself once for every mistake and configuration; the table that it prints says which
// configuration shows what.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>

#include "portable.cuh"
#include "stream.h"

using namespace slicedscore;

namespace {

enum class Bug {
    None,
    MissingBarrier,
    MissingTrailingBarrier,
    MissingCopyWait,
    DivergentBarrier,
    WrongMask,
    ReadBeyondEnd,
    WriteBeyondEnd,
    SharedTooSmall,
    MissingEvent,
    MissingGridBarrier,
    UseAfterFree,
    PinnedReadTooEarly,
    HostReadsDevice,
    WrongDirection,
    StreamOfClosedScope,
    StagedNotFilled,
    StagedInUse,
    StagedBufferReused,
    QueuedTooEarly,
    QueuedReadTooEarly,
    ClusterReadTooEarly,
    ClusterOverwritten,
    ClusterLeftEarly,
    ClusterWrongRank,
    ClusterNotBegun,
    ClusterSamePlace,
    ClusterAddedTogether,
};

struct Name {
    Bug bug;
    const char* text;
    bool onlyThreadSanitizer = false;
};

constexpr Name NAMES[] = {
    {Bug::None, "none"},
    {Bug::MissingBarrier, "missing barrier before reading"},
    {Bug::MissingTrailingBarrier, "missing barrier before overwriting"},
    {Bug::MissingCopyWait, "missing wait for cp.async"},
    {Bug::DivergentBarrier, "barrier in a divergent branch"},
    {Bug::WrongMask, "full mask in a divergent branch"},
    {Bug::ReadBeyondEnd, "read beyond the end"},
    {Bug::WriteBeyondEnd, "write beyond the end"},
    {Bug::SharedTooSmall, "too little dynamic shared memory"},
    {Bug::MissingEvent, "missing event between streams"},
    {Bug::MissingGridBarrier, "blocks that don't wait for each other"},
    {Bug::UseAfterFree, "use after free"},
    {Bug::PinnedReadTooEarly, "result read before it is there"},
    {Bug::HostReadsDevice, "host reads device memory"},
    {Bug::WrongDirection, "copy in the wrong direction"},
    {Bug::StreamOfClosedScope, "work on a destroyed stream"},
    {Bug::StagedNotFilled, "step that doesn't wait for its batch"},
    {Bug::StagedInUse, "batch copied over one that is in use"},
    {Bug::StagedBufferReused, "pinned buffer refilled while it is copied"},
    {Bug::QueuedTooEarly, "call that doesn't wait for its caller"},
    {Bug::QueuedReadTooEarly, "caller that doesn't wait for its call"},
    {Bug::ClusterReadTooEarly, "cluster: missing barrier before reading"},
    {Bug::ClusterOverwritten, "cluster: missing barrier before overwriting"},
    {Bug::ClusterLeftEarly, "cluster: block leaves while it is read"},
    {Bug::ClusterWrongRank, "cluster: wrong rank"},
    {Bug::ClusterNotBegun, "cluster: write to a block not begun"},
    {Bug::ClusterSamePlace, "cluster: two blocks write the same place"},
    {Bug::ClusterAddedTogether, "cluster: two blocks add to the same place", true},
};

#if defined(SS_THREAD_SANITIZER)
constexpr bool THREAD_SANITIZER = true;
#else
constexpr bool THREAD_SANITIZER = false;
#endif

// schedule, copies, streams
constexpr const char* CONFIGURATIONS[] = {
    "greedy lazy early", "greedy eager late", "lockstep lazy early", "lockstep eager early",
    "reversed lazy late", "reversed eager early", "random lazy random", "random eager random",
};

constexpr int THREADS = 64;
constexpr int STAGES = 6;
constexpr int COUNT = THREADS * 4 * STAGES;

// Reverses 64 numbers through shared memory; then sums each warp.
template <Bug BUG>
__global__ void reverse(const float* in, float* out, int count) {
    DYNAMIC_SHARED(float, buffer);
    const int thread = static_cast<int>(threadIdx.x);
    buffer[thread] = in[thread + (BUG == Bug::ReadBeyondEnd ? count - THREADS + 1 : 0)];
    if constexpr (BUG == Bug::DivergentBarrier) {
        if (thread < 32) {
            __syncthreads();
        } else {
            __syncthreads();
        }
    } else if constexpr (BUG != Bug::MissingBarrier) {
        __syncthreads();
    }
    float value = buffer[THREADS - 1 - thread];
    if (thread % 2 == 0) {
        value += __shfl_xor_sync(BUG == Bug::WrongMask ? 0xffffffffu : 0x55555555u, value, 2);
    }
    __syncwarp();
    out[thread + (BUG == Bug::WriteBeyondEnd ? 1 : 0)] = value;
}

// Copies through two buffers by cp.async, each thread storing what another one has fetched.
template <Bug BUG>
__global__ void pipeline(const float* in, float* out) {
    SHARED_ARRAY(float, buffer, [2][THREADS * 4]);
    const int thread = static_cast<int>(threadIdx.x);
    const auto fetch = [&](int stage) {
        copyAsync16(&buffer[stage % 2][4 * thread], in + (stage * THREADS + thread) * 4);
        commitCopies();
    };
    fetch(0);
    for (int stage = 0; stage < STAGES; ++stage) {
        if (stage + 1 < STAGES) {
            fetch(stage + 1);
        }
        if constexpr (BUG != Bug::MissingCopyWait) {
            if (stage + 1 < STAGES) {
                waitForCopies<1>();
            } else {
                waitForCopies<0>();
            }
        }
        __syncthreads();
        const int other = THREADS - 1 - thread;
        for (int i = 0; i < 4; ++i) {
            out[(stage * THREADS + other) * 4 + i] = buffer[stage % 2][4 * other + i];
        }
        if constexpr (BUG != Bug::MissingTrailingBarrier) {
            __syncthreads();
        }
    }
}

// Each block stores a number and reads its neighbour's.
template <Bug BUG>
__global__ void neighbours(float* values, float* out) {
    if (threadIdx.x == 0) {
        values[blockIdx.x] = static_cast<float>(blockIdx.x);
    }
    if constexpr (BUG != Bug::MissingGridBarrier) {
        gridBarrier();
    }
    if (threadIdx.x == 1) {
        out[blockIdx.x] = values[(blockIdx.x + 1) % gridDim.x];
    }
}

constexpr unsigned CLUSTER = 4;
constexpr unsigned CLUSTERS = 2;
constexpr unsigned SHARE = THREADS / CLUSTER;

// Twice: the blocks of a cluster sum their arrays, each block a share of the elements, which it reads from all of them.
template <Bug BUG>
__global__ void pullInCluster(const float* in, float* out) {
    SHARED_ARRAY(float, mine, [THREADS]);
    const unsigned rank = clusterRank();
    for (unsigned round = 0; round < 2; ++round) {
        mine[threadIdx.x] = in[(round * gridDim.x + blockIdx.x) * THREADS + threadIdx.x];
        if constexpr (BUG != Bug::ClusterReadTooEarly) {
            clusterBarrier();
        }
        if (threadIdx.x < SHARE) {
            const unsigned element = rank * SHARE + threadIdx.x;
            float sum = 0.0f;
            for (unsigned other = 0; other < CLUSTER; ++other) {
                sum += clusterShared(&mine[element], BUG == Bug::ClusterWrongRank ? blockIdx.x - rank + other : other)[0];
            }
            out[(round * CLUSTERS + blockIdx.x / CLUSTER) * THREADS + element] = sum;
        }
        if (BUG != (round == 0 ? Bug::ClusterOverwritten : Bug::ClusterLeftEarly)) {
            clusterBarrier();
        }
    }
}

// The same once, but each block writes to those that sum.
template <Bug BUG>
__global__ void pushInCluster(const float* in, float* out) {
    SHARED_ARRAY(float, slots, [CLUSTER][SHARE]);
    const unsigned rank = clusterRank();
    const unsigned owner = threadIdx.x / SHARE;
    const unsigned element = threadIdx.x % SHARE;
    slots[owner][element] = 0.0f;
    if constexpr (BUG != Bug::ClusterNotBegun) {
        clusterBarrier();
    }
    const float value = in[blockIdx.x * THREADS + threadIdx.x];
    if constexpr (BUG == Bug::ClusterAddedTogether) {
        clusterShared(&slots[0][element], owner)[0] += value;
    } else {
        clusterShared(&slots[BUG == Bug::ClusterSamePlace ? 0 : rank][element], owner)[0] = value;
    }
    clusterBarrier();
    if (threadIdx.x < SHARE) {
        float sum = 0.0f;
        for (unsigned other = 0; other < CLUSTER; ++other) {
            sum += slots[other][threadIdx.x];
        }
        out[blockIdx.x / CLUSTER * THREADS + rank * SHARE + threadIdx.x] = sum;
    }
}

__global__ void scale(float* values, float factor, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) {
        values[i] *= factor;
    }
}

std::vector<float> ramp(int count) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(i));
    }
    return values;
}

template <Bug BUG>
void checkReverse() {
    const DeviceArray<float> in(ramp(THREADS));
    const DeviceArray<float> out(THREADS);
    const cudaLaunchConfig_t config = launchConfig(1, THREADS, (THREADS - (BUG == Bug::SharedTooSmall ? 1 : 0)) * sizeof(float));
    CHECK_CUDA(cudaLaunchKernelEx(&config, reverse<BUG>, static_cast<const float*>(in.get()), out.get(), THREADS));
    const auto result = out.host();
    for (int thread = 0; thread < THREADS; ++thread) {
        const int reversed = THREADS - 1 - thread;
        const int partner = THREADS - 1 - (thread ^ 2);
        CHECK(result[static_cast<size_t>(thread)] == static_cast<float>(thread % 2 == 0 ? reversed + partner : reversed));
    }
}

template <Bug BUG>
void checkPipeline() {
    const auto expected = ramp(COUNT);
    const DeviceArray<float> in(expected);
    const DeviceArray<float> out(expected.size());
    const cudaLaunchConfig_t config = launchConfig(1, THREADS);
    CHECK_CUDA(cudaLaunchKernelEx(&config, pipeline<BUG>, static_cast<const float*>(in.get()), out.get()));
    CHECK(out.host() == expected);
}

template <Bug BUG>
void checkNeighbours() {
    constexpr unsigned BLOCKS = 4;
    const DeviceArray<float> values(BLOCKS);
    const DeviceArray<float> out(BLOCKS);
    cudaLaunchConfig_t config = launchConfig(BLOCKS, 32);
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
    config.attrs = &attribute;
    config.numAttrs = 1;
    CHECK_CUDA(cudaLaunchKernelEx(&config, neighbours<BUG>, values.get(), out.get()));
    const auto result = out.host();
    for (unsigned block = 0; block < BLOCKS; ++block) {
        CHECK(result[block] == static_cast<float>((block + 1) % BLOCKS));
    }
}

// Sums over the blocks of each cluster, of `rounds` arrays.
template <typename Kernel>
void checkClusterSums(Kernel kernel, unsigned rounds) {
    constexpr unsigned BLOCKS = CLUSTERS * CLUSTER;
    const DeviceArray<float> in(ramp(static_cast<int>(rounds * BLOCKS * THREADS)));
    const DeviceArray<float> out(rounds * CLUSTERS * THREADS);
    cudaLaunchConfig_t config = launchConfig(BLOCKS, THREADS);
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = CLUSTER;
    attribute.val.clusterDim.y = 1;
    attribute.val.clusterDim.z = 1;
    config.attrs = &attribute;
    config.numAttrs = 1;
    CHECK_CUDA(cudaLaunchKernelEx(&config, kernel, static_cast<const float*>(in.get()), out.get()));
    const auto result = out.host();
    for (unsigned cluster = 0; cluster < rounds * CLUSTERS; ++cluster) {
        for (unsigned element = 0; element < THREADS; ++element) {
            float expected = 0.0f;
            for (unsigned other = 0; other < CLUSTER; ++other) {
                expected += static_cast<float>((cluster * CLUSTER + other) * THREADS + element);
            }
            CHECK(result[cluster * THREADS + element] == expected);
        }
    }
}

template <Bug BUG>
void checkPull() {
    checkClusterSums(pullInCluster<BUG>, 2);
}

template <Bug BUG>
void checkPush() {
    checkClusterSums(pushInCluster<BUG>, 1);
}

void launchScale(float* values, float factor, cudaStream_t stream) {
    const cudaLaunchConfig_t config = launchConfig(2, 32, 0, stream);
    CHECK_CUDA(cudaLaunchKernelEx(&config, scale, values, factor, THREADS));
}

// Upload on one stream, work on another, result in pinned memory.
template <Bug BUG>
void checkHost() {
    cudaStream_t upload = nullptr;
    cudaStream_t work = nullptr;
    cudaEvent_t uploaded = nullptr;
    CHECK_CUDA(cudaStreamCreateWithFlags(&upload, cudaStreamNonBlocking));
    CHECK_CUDA(cudaStreamCreateWithFlags(&work, cudaStreamNonBlocking));
    CHECK_CUDA(cudaEventCreateWithFlags(&uploaded, cudaEventDisableTiming));
    float* pinned = nullptr;
    CHECK_CUDA(cudaMallocHost(&pinned, THREADS * sizeof(float)));
    float* device = nullptr;
    CHECK_CUDA(cudaMalloc(&device, THREADS * sizeof(float)));
    CHECK_CUDA(cudaMemset(device, 0, THREADS * sizeof(float)));
    CHECK_CUDA(cudaDeviceSynchronize());
    for (int i = 0; i < THREADS; ++i) {
        pinned[i] = static_cast<float>(i);
    }
    CHECK_CUDA(cudaMemcpyAsync(device, pinned, THREADS * sizeof(float), cudaMemcpyHostToDevice, upload));
    CHECK_CUDA(cudaEventRecord(uploaded, upload));
    if constexpr (BUG != Bug::MissingEvent) {
        CHECK_CUDA(cudaStreamWaitEvent(work, uploaded));
    }
    launchScale(device, 2.0f, work);
    if constexpr (BUG == Bug::UseAfterFree) {
        CHECK_CUDA(cudaStreamSynchronize(work));
        CHECK_CUDA(cudaFree(device));
        launchScale(device, 1.0f, work);
    }
    if constexpr (BUG == Bug::HostReadsDevice) {
        CHECK_CUDA(cudaStreamSynchronize(work));
        CHECK(device[1] == 2.0f);
    }
    if constexpr (BUG == Bug::StreamOfClosedScope) {
        CHECK_CUDA(cudaStreamDestroy(work));
        launchScale(device, 1.0f, work);
    }
    if constexpr (BUG != Bug::UseAfterFree) {
        CHECK_CUDA(cudaMemcpyAsync(pinned, device, THREADS * sizeof(float),
                                   BUG == Bug::WrongDirection ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToHost, work));
    }
    if constexpr (BUG != Bug::PinnedReadTooEarly) {
        CHECK_CUDA(cudaStreamSynchronize(work));
    }
    for (int i = 0; i < THREADS; ++i) {
        CHECK(pinned[i] == static_cast<float>(2 * i));
    }
    CHECK_CUDA(cudaDeviceSynchronize());
    CHECK_CUDA(cudaFree(device));
    CHECK_CUDA(cudaFreeHost(pinned));
    CHECK_CUDA(cudaEventDestroy(uploaded));
    CHECK_CUDA(cudaStreamDestroy(upload));
    CHECK_CUDA(cudaStreamDestroy(work));
}

// Batches through two places and two pinned buffers, as runs do whose rows are on the host.
template <Bug BUG>
void checkStaging() {
    constexpr size_t BATCHES = 6;
    CallerStream copies;
    CallerStream work;
    const CallerEvent filled[2];
    const CallerEvent used[2];
    const PinnedFloats pinned[2] = {PinnedFloats(THREADS), PinnedFloats(THREADS)};
    const DeviceArray<float> places[2] = {DeviceArray<float>(THREADS), DeviceArray<float>(THREADS)};
    const DeviceArray<float> results(BATCHES * THREADS);
    for (size_t batch = 0; batch < BATCHES; ++batch) {
        const size_t place = batch % 2;
        if constexpr (BUG != Bug::StagedBufferReused) {
            filled[place].synchronize();
        }
        for (size_t i = 0; i < THREADS; ++i) {
            pinned[place].get()[i] = static_cast<float>(batch * THREADS + i);
        }
        if constexpr (BUG != Bug::StagedInUse) {
            used[place].holdBack(copies.get());
        }
        queueCopy(places[place].get(), pinned[place].get(), THREADS, copies.get());
        filled[place].record(copies.get());
        if constexpr (BUG != Bug::StagedNotFilled) {
            filled[place].holdBack(work.get());
        }
        launchScale(places[place].get(), 2.0f, work.get());
        queueCopy(results.get() + batch * THREADS, places[place].get(), THREADS, work.get());
        used[place].record(work.get());
    }
    work.synchronize();
    CHECK_CUDA(cudaDeviceSynchronize());
    const auto values = results.host();
    for (size_t i = 0; i < BATCHES * THREADS; ++i) {
        CHECK(values[i] == static_cast<float>(2 * i));
    }
}

// A call in order with its caller's stream, as queued ones of a scorer are.
template <Bug BUG>
void checkQueued() {
    CallerStream theirs;
    CallerStream ours;
    const CallerEvent reached;
    const CallerEvent left;
    const PinnedFloats pinned(ramp(THREADS));
    const PinnedFloats result(THREADS);
    const DeviceArray<float> array(THREADS);
    queueCopy(array.get(), pinned.get(), THREADS, theirs.get());
    reached.record(theirs.get());
    if constexpr (BUG != Bug::QueuedTooEarly) {
        reached.holdBack(ours.get());
    }
    launchScale(array.get(), 2.0f, ours.get());
    left.record(ours.get());
    if constexpr (BUG != Bug::QueuedReadTooEarly) {
        left.holdBack(theirs.get());
    }
    queueCopy(result.get(), array.get(), THREADS, theirs.get());
    theirs.synchronize();
    for (size_t i = 0; i < THREADS; ++i) {
        CHECK(result[i] == static_cast<float>(2 * i));
    }
    CHECK_CUDA(cudaDeviceSynchronize());
}

void runWith(Bug bug) {
    switch (bug) {
        case Bug::None:
            checkReverse<Bug::None>();
            checkPipeline<Bug::None>();
            checkNeighbours<Bug::None>();
            checkHost<Bug::None>();
            checkStaging<Bug::None>();
            checkQueued<Bug::None>();
            checkPull<Bug::None>();
            checkPush<Bug::None>();
            break;
        case Bug::MissingBarrier:
            return checkReverse<Bug::MissingBarrier>();
        case Bug::MissingTrailingBarrier:
            return checkPipeline<Bug::MissingTrailingBarrier>();
        case Bug::MissingCopyWait:
            return checkPipeline<Bug::MissingCopyWait>();
        case Bug::DivergentBarrier:
            return checkReverse<Bug::DivergentBarrier>();
        case Bug::WrongMask:
            return checkReverse<Bug::WrongMask>();
        case Bug::ReadBeyondEnd:
            return checkReverse<Bug::ReadBeyondEnd>();
        case Bug::WriteBeyondEnd:
            return checkReverse<Bug::WriteBeyondEnd>();
        case Bug::SharedTooSmall:
            return checkReverse<Bug::SharedTooSmall>();
        case Bug::MissingEvent:
            return checkHost<Bug::MissingEvent>();
        case Bug::MissingGridBarrier:
            return checkNeighbours<Bug::MissingGridBarrier>();
        case Bug::UseAfterFree:
            return checkHost<Bug::UseAfterFree>();
        case Bug::PinnedReadTooEarly:
            return checkHost<Bug::PinnedReadTooEarly>();
        case Bug::HostReadsDevice:
            return checkHost<Bug::HostReadsDevice>();
        case Bug::WrongDirection:
            return checkHost<Bug::WrongDirection>();
        case Bug::StreamOfClosedScope:
            return checkHost<Bug::StreamOfClosedScope>();
        case Bug::StagedNotFilled:
            return checkStaging<Bug::StagedNotFilled>();
        case Bug::StagedInUse:
            return checkStaging<Bug::StagedInUse>();
        case Bug::StagedBufferReused:
            return checkStaging<Bug::StagedBufferReused>();
        case Bug::QueuedTooEarly:
            return checkQueued<Bug::QueuedTooEarly>();
        case Bug::QueuedReadTooEarly:
            return checkQueued<Bug::QueuedReadTooEarly>();
        case Bug::ClusterReadTooEarly:
            return checkPull<Bug::ClusterReadTooEarly>();
        case Bug::ClusterOverwritten:
            return checkPull<Bug::ClusterOverwritten>();
        case Bug::ClusterLeftEarly:
            return checkPull<Bug::ClusterLeftEarly>();
        case Bug::ClusterWrongRank:
            return checkPull<Bug::ClusterWrongRank>();
        case Bug::ClusterNotBegun:
            return checkPush<Bug::ClusterNotBegun>();
        case Bug::ClusterSamePlace:
            return checkPush<Bug::ClusterSamePlace>();
        case Bug::ClusterAddedTogether:
            return checkPush<Bug::ClusterAddedTogether>();
    }
}

// Runs this program with a bug under a configuration; true if it ended well.
bool passes(const char* program, const Name& name, const std::string& configuration, bool quiet) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        const size_t first = configuration.find(' ');
        const size_t second = configuration.rfind(' ');
        setenv("SS_EMULATION_SCHEDULE", configuration.substr(0, first).c_str(), 1);
        setenv("SS_EMULATION_COPIES", configuration.substr(first + 1, second - first - 1).c_str(), 1);
        setenv("SS_EMULATION_STREAMS", configuration.substr(second + 1).c_str(), 1);
        if (quiet && std::freopen("/dev/null", "w", stderr) == nullptr) {
            _exit(3);
        }
        execl(program, program, name.text, static_cast<char*>(nullptr));
        _exit(3);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1) {
        for (const Name& name : NAMES) {
            if (std::strcmp(name.text, arguments[1]) == 0) {
                runWith(name.bug);
                return 0;
            }
        }
        return 3;
    }
    bool good = true;
    for (const Name& name : NAMES) {
        std::printf("%-44s", name.text);
        int caught = 0;
        for (const char* configuration : CONFIGURATIONS) {
            const bool shown = !passes(arguments[0], name, configuration, name.bug != Bug::None);
            caught += shown ? 1 : 0;
            std::printf("  %-20s", shown ? configuration : "");
        }
        const bool excused = name.onlyThreadSanitizer && !THREAD_SANITIZER;
        const bool expected = name.bug == Bug::None ? caught == 0 : caught > 0 || excused;
        std::printf("%s\n", expected ? excused ? "  (seen by ThreadSanitizer)" : ""
                            : name.bug == Bug::None ? "  <-- FALSE ALARM" : "  <-- NOT SEEN");
        good &= expected;
    }
    return good ? 0 : 1;
}
