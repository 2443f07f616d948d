// What portable.cuh maps instructions to that plain C++ has no words for.
#pragma once

#include "language.h"

namespace emulation {

// cp.async
void copyAsync(void* shared, const void* global, size_t bytes, size_t valid);
void commitCopies();
void waitForCopies(size_t outstanding);

// mma.sync and ldmatrix; the layouts stand in portable.cuh.
void mmaTf32(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site = Site::here());
void mmaBf16(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site = Site::here());
void loadMatrices(unsigned (&result)[4], const void* row, bool transposed, Site site = Site::here());

// Clusters and cooperative launches
void cohortBarrier(const char* name, Site site);
unsigned clusterRank();
void* clusterShared(void* address, unsigned rank);

}  // namespace emulation
