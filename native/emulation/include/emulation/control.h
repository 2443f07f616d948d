// How tests steer the emulation. Each setting is read from the environment variable SS_EMULATION_<NAME> at first use.
//
//   schedule   greedy | lockstep | reversed | random    order of threads, warps and blocks
//   copies     lazy | eager                             when cp.async moves its bytes: at the wait, or at once
//   streams    early | late | random                    when queued work runs: at once, at the synchronisation that needs
//                                                       it, or at any legal point between
//   mma        exact | truncate                         sums of a tensor-core instruction: rounded once, or cut after
//                                                       each group of products, as hardware does
//   seed       number                                   for the random choices
//   profile    sm_75 | sm_80 | sm_86 | sm_90 | sm_120   limits of the device
//   devices    number                                   how many there are
//   multiprocessors  number                             of each device, 4 unless told; beyond 100 needs guard=off
//   memory     bytes                                    of each device
//   count-error  CUDA error code                        what cudaGetDeviceCount answers, 0 for success
//   driver     CUDA version                             what cudaDriverGetVersion answers, 0 for no driver
//   fail       n                                        the n-th runtime call from now fails; 0 for none
//   fail-code  CUDA error code                          with what; 700, 719 and other faults then stick, as on hardware
//   fail-allocations  n                                 from the n-th allocation of memory on, all fail; 0 for none
//   leaks      off | check                              whether a line on stderr, at the program's end, tells what it made
//                                                       and freed; what it has not freed makes its exit code 1
//   guard      on | off                                 whether host code that touches device memory crashes,
//                                                       and kernels that overrun their stack
//   trace      off | on                                 a line on stderr for every kernel that ran, with what it did
//
// Variables are in capitals with '_' for '-'.
//
// Counters. Of what is alive: device-allocations, device-bytes, pinned-allocations, streams, events, graphs, graph-execs;
// pending, the works that were queued and have not run. The first and those from pinned-allocations to graph-execs with -made
// at their end, streams-made for example: how many there were since the program's start. Of what was done since the program's start, so that a difference
// tells what a step costs:
//
//   calls                  of the runtime, by the host
//   launches               of kernels, those of replayed graphs among them, when they run: synchronise before you ask
//   cooperative-launches   those of them with a grid barrier
//   cluster-launches       those of them with clusters of more than one block
//   mma-tf32, mma-bf16     tensor-core instructions, one for the 32 lanes of a warp: m16n8k8 and m16n8k16
//   mma                    both together
//   traffic-copied         bytes that copies and fills of the runtime read from and write to device memory
//
// And in the build that counts traffic (preset emulated-traffic), bytes of device memory, summed over launches:
//
//   requested-read, requested-written   what threads ask for
//   traffic-read, traffic-written       32 for each aligned sector of 32 that a launch reads or writes at all: what would move
//                                       if each launch had a perfect cache of its own
#pragma once

#include <cstdint>

extern "C" {

// 0, or -1 with a line on stderr for a name or value that isn't known.
__attribute__((visibility("default"))) int32_t ss_emulation_set(const char* name, const char* value);

// A counter, or -1 for a name that isn't known.
__attribute__((visibility("default"))) int64_t ss_emulation_counter(const char* name);

// The call that was made to fail last; an empty string where none was since the last reset.
__attribute__((visibility("default"))) const char* ss_emulation_failed_call(void);

// Whether the calling thread is in a call of the runtime, for a test that looks at what the library allocates itself.
__attribute__((visibility("default"))) int32_t ss_emulation_is_inside(void);

// Forgets a sticky error and an injected failure, as a new process would.
__attribute__((visibility("default"))) void ss_emulation_reset(void);

}
