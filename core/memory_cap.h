// The end of memory is told by an allocation that fails, and not by the system that ends the process.
#pragma once

namespace core {

// From now on this process gets no more memory than the machine can spare beside what it holds, or 1 GB where
// that is less: std::bad_alloc, or a library's own error, comes instead. Address space that is only reserved
// does not count. Children inherit it.
void cap_memory();

}  // namespace core
