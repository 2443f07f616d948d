// The shared library is the static one with a list of what it exports; a target needs a file of its own.
#include "slicedscore.h"

static_assert(SS_ABI_VERSION > 0, "the interface has a number");
