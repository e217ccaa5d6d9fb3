// Memory that is missing is met before it is asked for: the system would end the process instead.
#pragma once

#include <cstdint>
#include <string>

namespace core {

// Error unless the machine has `bytes` to spare; `what` needs them ("dqn.buffer_size: a replay of ...").
void require_memory(uint64_t bytes, const std::string& what);
void require_memory(double bytes, const std::string& what);  // however many

std::string print_bytes(uint64_t bytes);  // "3.4 MB"

}  // namespace core
