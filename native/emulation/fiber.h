// A fiber: a stack of its own with a function on it, that runs until it hands over to another fiber or back to the host.
#pragma once

#include <cstddef>

namespace emulation {

class Fiber {
public:
    // Does the fiber's work, and returns who goes on after its end: another fiber, or null for the host.
    using Body = Fiber* (*)(void* argument);

    // Reserves the stack, with a guard page below it. Fibers are reused: making one costs a system call or two.
    Fiber();
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    // Gives the fiber its next work. Only for one that has ended, or never started.
    void start(Body body, void* argument);

    // Called by the host: runs this fiber and those that it hands over to, until one of them hands back.
    void run();

    // Called on a fiber: lets another one go on from where it stopped, or the host where it is null. Returns when somebody
    // hands over to the caller.
    static void goOnWith(Fiber* next);

private:
    [[noreturn]] static void main();
    void arrive();

    unsigned char* mapping;
    void* stackPointer;
    Body body = nullptr;  // null where it has ended or never started
    void* argument = nullptr;
    void* fakeStack = nullptr;  // AddressSanitizer's
    void* tsanFiber = nullptr;  // ThreadSanitizer's
};

// An identity for ThreadSanitizer without a stack: what is done inside counts as done by this engine, not by the caller.
class Engine {
public:
    Engine();
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    template <typename Work>
    void run(Work&& work) {
        enter();
        work();
        leave();
    }

private:
    void enter();
    void leave();

    void* tsanFiber = nullptr;
    void* caller = nullptr;
};

}  // namespace emulation
