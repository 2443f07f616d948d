#include "operation.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include "counters.h"
#include "fiber.h"
#include "memory.h"
#include "sanitizer.h"
#include "settings.h"

namespace emulation {
namespace {

// In the order of handing over, which is one legal order.
std::deque<OperationPointer>& pending() {
    static auto* all = new std::deque<OperationPointer>();
    return *all;
}

// A tag that all operations give, for waiting for the whole device.
char everything = 0;

// Streams have engines of their own, so that ThreadSanitizer sees two copies of different streams as unordered.
Engine& copyEngine(unsigned queue) {
    static auto* engines = new Engine[QUEUES];
    return engines[queue % QUEUES];
}

bool ready(const Operation& operation) {
    return std::all_of(operation.after.begin(), operation.after.end(), [](const auto& before) { return before->done; });
}

void execute(Operation& operation) {
    Ordering ordering;
    ordering.after.push_back(&operation.handedOver);
    for (const auto& before : operation.after) {
        ordering.after.push_back(&before->completed);
    }
    ordering.done = {&operation.completed, &everything};
    ordering.queue = operation.queue;
    // Even a mere point in a stream passes the order on, so each executor takes and gives the tags.
    if (operation.executor == Operation::Threads) {
        const DeviceAccess access;
        run(*operation.kernel, ordering);
    } else {
        const DeviceAccess access;
        copyEngine(operation.queue).run([&] {
            for (const void* tag : ordering.after) {
                sanitizer::acquire(tag);
            }
            if (operation.action) {
                operation.action();
            }
            for (const void* tag : ordering.done) {
                sanitizer::release(tag);
            }
        });
    }
    operation.finished =
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    operation.done = true;
    operation.after.clear();
    operation.action = nullptr;
    operation.kernel = nullptr;
    const auto self = std::find_if(pending().begin(), pending().end(), [&](const auto& other) { return other.get() == &operation; });
    if (self != pending().end()) {
        pending().erase(self);
    }
    counters().pending = static_cast<int64_t>(pending().size());
}

// One ready operation by chance. There always is one, as edges point to older operations only.
void executeRandom() {
    std::vector<OperationPointer> choices;
    for (const auto& operation : pending()) {
        if (ready(*operation)) {
            choices.push_back(operation);
        }
    }
    execute(*choices[randomBelow(choices.size())]);
}

// What must be done before, the last-named first: the reverse of the order in which a careless program expects it.
void executeWithAncestors(const OperationPointer& operation) {
    std::vector<OperationPointer> stack{operation};
    while (!stack.empty()) {
        const OperationPointer top = stack.back();
        const auto missing = std::find_if(top->after.rbegin(), top->after.rend(), [](const auto& before) { return !before->done; });
        if (top->done) {
            stack.pop_back();
        } else if (missing != top->after.rend()) {
            stack.push_back(*missing);
        } else {
            execute(*top);
            stack.pop_back();
        }
    }
}

}  // namespace

void enqueue(const OperationPointer& operation) {
    sanitizer::release(&operation->handedOver);
    pending().push_back(operation);
    counters().pending = static_cast<int64_t>(pending().size());
    switch (settings().streams) {
        case Streams::Early:
            executeWithAncestors(operation);
            break;
        case Streams::Late:
            break;
        case Streams::Random:
            while (!pending().empty() && randomBelow(3) == 0) {
                executeRandom();
            }
            break;
    }
}

void complete(const OperationPointer& operation) {
    if (!operation->done) {
        const DeviceAccess access;  // once for all that runs now
        while (!operation->done && settings().streams == Streams::Random) {
            executeRandom();
        }
        executeWithAncestors(operation);
    }
    sanitizer::acquire(&operation->completed);
}

void completeAll() {
    while (!pending().empty()) {
        const OperationPointer next = settings().streams == Streams::Late ? pending().back() : pending().front();
        complete(next);  // takes it out of the queue
    }
    sanitizer::acquire(&everything);
}

}  // namespace emulation
