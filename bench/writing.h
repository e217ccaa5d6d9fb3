// How fast a language model writes.
#pragma once

#include "bench/request.h"

namespace bench {

// Characters per CPU second of one thread that `atelier sample` draws from a GPT of 4 layers, 4 heads, width
// 128 and block 64: of 2,200 characters less 200, so that the program's start does not count.
// Returns the exit code.
int writing(const Request& request);

}  // namespace bench
