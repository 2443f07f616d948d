// The work that the host hands to the device, as a graph: each operation knows which ones must be done before it.
//
// Streams, events and captured graphs only decide those edges. When an operation runs is the choice of the setting
// `streams`, among all orders that the edges allow.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "scheduler.h"

namespace emulation {

struct Operation {
    enum Executor {
        Nothing,    // a point in a stream
        Engine,     // copies and fills
        Threads,    // a kernel
        HostCall,   // cudaLaunchHostFunc
    };

    Executor executor = Nothing;
    std::function<void()> action;        // for Engine and HostCall
    std::shared_ptr<const Grid> kernel;  // for Threads
    std::vector<std::shared_ptr<Operation>> after;
    unsigned queue = 0;  // the number of its stream, for ThreadSanitizer
    bool done = false;
    double finished = 0.0;  // seconds, for event timing

    // ThreadSanitizer's tags: what the host did before handing it over, and what this operation did.
    char handedOver = 0;
    char completed = 0;
};

using OperationPointer = std::shared_ptr<Operation>;

// Takes the operation in; runs it and others now, if the setting says so.
void enqueue(const OperationPointer& operation);

// Runs what must be done before, and the operation, if that has not been done; the host then comes after it.
void complete(const OperationPointer& operation);

// Everything that any stream has been given.
void completeAll();

}  // namespace emulation
